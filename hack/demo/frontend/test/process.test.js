// `node server.js` as a process: how it starts, what it says, how it stops.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { startFrontend } from './programs.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const run = promisify(execFile);

async function fails(environment) {
  const failed = await run(process.execPath, ['server.js'], { cwd: ROOT, env: environment }).catch((error) => error);
  assert.equal(failed.code, 1);
  return failed.stderr;
}

test('a wrong variable ends the start with one line', async () => {
  const good = { BACKEND_URL: 'http://127.0.0.1:1', PORT: '0' };
  assert.equal(await fails({}), 'configuration: BACKEND_URL must be set, to a URL as http://HOST:PORT\n');
  assert.equal(await fails({ ...good, BACKEND_URL: 'ftp://x' }), 'configuration: BACKEND_URL must begin with http:// or https://\n');
  assert.equal(await fails({ ...good, NODE_ENV: 'test' }), 'configuration: NODE_ENV must be production or development\n');
  assert.equal(await fails({ ...good, PORT: 'http' }), 'configuration: PORT must be a whole number from 0 to 65535\n');
});

test('without a backend the page is there, and the rest says so', async () => {
  const frontend = await startFrontend({ BACKEND_URL: 'http://127.0.0.1:1' });
  try {
    assert.equal((await fetch(frontend.url)).status, 200);
    assert.equal((await fetch(`${frontend.url}/health`)).status, 200);
    const response = await fetch(`${frontend.url}/api/1/tasks`);
    assert.equal(response.status, 502);
    assert.deepEqual(await response.json(), { detail: 'the backend cannot be reached' });
  } finally {
    await frontend.kill();
  }
});

test('SIGTERM lets requests come for a while, finishes them, and ends with exit code 0', async () => {
  let release;
  const backend = http.createServer((request, response) => {
    release = () => response.writeHead(200, { 'content-type': 'application/json' }).end('[]');
  });
  backend.listen(0, '127.0.0.1');
  await once(backend, 'listening');
  const frontend = await startFrontend({ BACKEND_URL: `http://127.0.0.1:${backend.address().port}`, DRAIN_SECONDS: '3' });
  try {
    const inFlight = fetch(`${frontend.url}/api/1/tasks`);
    while (release === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    frontend.process.kill('SIGTERM');
    let health;
    do health = await fetch(`${frontend.url}/health`);
    while (health.status === 200);
    assert.equal(health.status, 503);
    const page = await fetch(frontend.url);
    assert.equal(page.status, 200);
    assert.equal(page.headers.get('connection'), 'close');
    // Nothing new is taken after the drain.
    while (await fetch(frontend.url).then(() => true, () => false)) await new Promise((resolve) => setTimeout(resolve, 50));
    release();
    assert.equal((await inFlight).status, 200);
    assert.deepEqual(await frontend.ended(), [0, null]);
  } finally {
    await frontend.kill();
    backend.close();
  }
});

test('the standalone folder has all that runs, and nothing else', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'taskflow-'));
  try {
    await run('cp', ['-r', 'build.js', 'server.js', 'lib', 'public', 'package.json', folder], { cwd: ROOT });
    await run(process.execPath, ['build.js'], { cwd: folder });
    const standalone = path.join(folder, '.next/standalone');
    assert.deepEqual((await readdir(standalone)).sort(), ['lib', 'package.json', 'public', 'server.js']);
    const frontend = await startFrontend({ BACKEND_URL: 'http://127.0.0.1:1' }, standalone);
    assert.equal((await fetch(`${frontend.url}/app.js`)).status, 200);
    await frontend.kill();
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('any user runs it where nothing can be written', { skip: process.getuid() !== 0 && 'only root becomes somebody else' }, async () => {
  const script = `
    mount -t tmpfs tmpfs /mnt && mkdir /mnt/app && mount --bind "$1" /mnt/app && mount -o remount,bind,ro /mnt/app
    cp "$2" /mnt/node && mount -o remount,ro /mnt && mount -t tmpfs -o ro tmpfs /tmp && mount -o remount,bind,ro /
    cd /mnt/app && exec setpriv --reuid 1001 --regid 1001 --clear-groups --no-new-privs --bounding-set=-all /mnt/node server.js`;
  const child = spawn('unshare', ['--mount', '--propagation', 'private', 'sh', '-euc', script, 'sh', ROOT, process.execPath], {
    env: { PATH: process.env.PATH, BACKEND_URL: 'http://127.0.0.1:1', PORT: '0', DRAIN_SECONDS: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = await once(child.stdout, 'data');
  const port = /at port (\d+)/.exec(line)[1];
  assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200);
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});
