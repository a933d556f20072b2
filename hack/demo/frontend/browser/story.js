// The demo's story: somebody uses the app while the backend's pod dies, and while the database is away. hack/demo/story runs it on
// the cluster of kubectl; SCREENSHOTS=FOLDER keeps what the browser showed.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Chromium } from './chromium.js';
import { Cluster, condition } from './cluster.js';
import { add, signUp } from './person.js';

const NAMESPACE = 'todo-app';
const APP = 'demo';
const BACKEND = 'demo-backend';
const BACKEND_PORT = 8001;
const DATABASE = 'demo-postgres';
const TODO = 'Water the plants';
const WINDOW = { width: 1000, height: 500 };
// Milliseconds that anything may take, and between two looks at it.
const PATIENCE = 120_000;
const PERIOD = 50;

const cluster = await Cluster.open(NAMESPACE);
let chromium;
const cordoned = [];
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end().finally(() => process.exit(1)));
try {
  chromium = await Chromium.start();
  await tell();
} finally {
  await end();
}

/** Leaves the cluster as it was, however far the story came. */
async function end() {
  for (const node of cordoned.splice(0)) await cluster.kubectl('uncordon', node);
  await chromium?.end();
  cluster.close();
}

async function tell() {
  const app = await cluster.app(APP);
  assert.equal(condition(app, 'Ready').status, 'True', `TodoApp ${APP} is Ready: make demo does that`);
  const { url } = app.status.endpoints.find((endpoint) => endpoint.scope === 'External');
  const page = await signUp(chromium, url.split(' ')[0], WINDOW, `ada-${Date.now()}@example.org`);
  for (const title of [TODO, 'Book a table for six']) await add(page, title);
  await page.fill('#chat-form input', 'add Call Ada about the engine');
  await page.press('Enter');
  await page.see('3 open');
  await page.click('.task:nth-child(2) label');
  await page.see('2 open, 1 done');
  say(`At ${await page.evaluate('location.href')} Ada has signed up and added “${TODO}”.`);
  await keep(page, 'demo-story-added');

  await endBackend(page);
  await endDatabase(page);
  await deleteTodo(page);
  assert.deepEqual(page.complaints.filter((text) => !isToBeExpected(text)), []);
}

async function endBackend(page) {
  const [{ metadata: former }] = await cluster.pods(BACKEND);
  const since = stopwatch();
  await run('delete', 'pod', former.name, '--wait=false');
  await until('another pod is ready', async () => {
    const pods = await cluster.pods(BACKEND);
    return pods.some((pod) => pod.metadata.uid !== former.uid && condition(pod, 'Ready').status === 'True');
  });
  const ready = since();
  await until('the former pod is gone', async () => (await cluster.askPod(former.name, BACKEND_PORT, '/health')).status !== 200);
  await page.reload();
  await page.see(TODO);
  say(`Another pod was ready after ${ready}; the page, loaded again, has the todo.`);
}

// A node that takes no pods and loses the one it has, as when it is drained: nothing of it is the operator's to put back.
async function endDatabase(page) {
  const [{ metadata: backend }] = await cluster.pods(BACKEND);
  for (const { metadata, spec } of await cluster.nodes()) {
    if (spec.unschedulable) continue;
    cordoned.push(metadata.name);
    await run('cordon', metadata.name);
  }
  const away = stopwatch();
  await Promise.all([
    // Until the pod is gone: what follows is then not held up by what its node still does with it.
    run('delete', 'pod', `${DATABASE}-0`),
    until('/ready answers 503', async () => {
      const { status, text } = await cluster.askPod(backend.name, BACKEND_PORT, '/ready');
      if (status === 503) say(`After ${away()} /ready answers 503: ${text}`);
      return status === 503;
    }),
    until('the TodoApp is not Ready', async () => {
      const { status, reason, message } = condition(await cluster.app(APP), 'Ready');
      if (status === 'False') say(`After ${away()} the TodoApp is not Ready, ${reason}: ${message}`);
      return status === 'False';
    }),
    until('no backend is ready', async () => {
      const { readyText } = (await cluster.app(APP)).status.components.backend;
      if (readyText === '0/1') say(`After ${away()} kubectl get ta shows backend ${readyText}.`);
      return readyText === '0/1';
    }),
  ]);
  await run('get', 'ta', APP, '--output', 'wide');
  await page.reload();
  await page.see('The server cannot be reached right now.');
  await keep(page, 'demo-story-away');
  say('The page says so too, and asks again every two seconds.');

  const back = stopwatch();
  for (const node of cordoned.splice(0)) await run('uncordon', node);
  await Promise.all([
    until('/ready answers 200', async () => {
      const { status } = await cluster.askPod(backend.name, BACKEND_PORT, '/ready');
      if (status === 200) say(`After ${back()} /ready answers 200.`);
      return status === 200;
    }),
    until('the TodoApp is Ready', async () => {
      const isReady = condition(await cluster.app(APP), 'Ready').status === 'True';
      if (isReady) say(`After ${back()} the TodoApp is Ready.`);
      return isReady;
    }),
    page.see(TODO).then(() => say(`After ${back()} the page has the todo again; nobody loaded it anew.`)),
  ]);
  const [pod] = await cluster.pods(BACKEND);
  assert.equal(pod.metadata.uid, backend.uid, 'the backend is the one it was');
  assert.equal(pod.status.containerStatuses[0].restartCount, 0, 'and was not restarted');
  await run('get', 'ta', APP);
}

async function deleteTodo(page) {
  await page.click(`[aria-label=${JSON.stringify(`Delete ${TODO}`)}]`);
  await page.miss(TODO);
  await page.reload();
  await page.see('Book a table for six');
  await page.miss(TODO);
  say('Ada has deleted the todo.');
}

/** A command as somebody would type it, with what it prints. */
async function run(...words) {
  const inNamespace = ['get', 'delete'].includes(words[0]) ? ['--namespace', NAMESPACE] : [];
  say(`\n$ kubectl ${[...words, ...inNamespace].join(' ')}`);
  say((await cluster.kubectl(...words, ...inNamespace)).trimEnd());
}

async function until(what, attempt) {
  const deadline = Date.now() + PATIENCE;
  while (!(await attempt())) {
    if (Date.now() > deadline) throw new Error(`not within ${PATIENCE / 1000} s: ${what}`);
    await pause(PERIOD);
  }
}

/** Gives the seconds since it was made, as a text. */
function stopwatch() {
  const started = performance.now();
  return () => `${((performance.now() - started) / 1000).toFixed(1)} s`;
}

async function keep(page, name) {
  await page.evaluate('document.activeElement.blur()');
  if (process.env.SCREENSHOTS) await writeFile(path.join(process.env.SCREENSHOTS, `${name}.png`), await page.screenshot());
}

// Requests fail while the database is away, and without TLS a browser heeds one of the headers less.
function isToBeExpected(complaint) {
  return complaint.startsWith('Failed to load resource') || complaint.startsWith('The Cross-Origin-Opener-Policy header');
}

function say(text) {
  console.log(text);
}
