// The whole app as somebody sees it: Chromium, the frontend, the backend, PostgreSQL.
// `SCREENSHOTS=FOLDER` keeps what it looked like.
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { startBackend, startFrontend } from '../test/programs.js';
import { Chromium } from './chromium.js';
import { DESK, PHONE, add, signUp as signUpAt } from './person.js';

let backend;
let frontend;
let chromium;

before(async () => {
  // One after the other: what has been started is ended, also where the next one fails.
  chromium = await Chromium.start();
  backend = await startBackend();
  frontend = await startFrontend({ BACKEND_URL: backend.url });
});

after(async () => {
  await Promise.all([backend?.end(), chromium?.end(), frontend?.kill()]);
});

async function keep(page, name) {
  if (process.env.SCREENSHOTS) await writeFile(path.join(process.env.SCREENSHOTS, `${name}.png`), await page.screenshot());
}

const signUp = (view, email, name) => signUpAt(chromium, frontend.url, view, email, name);
const titles = (page) => page.evaluate('[...document.querySelectorAll(".task .title")].map((title) => title.textContent)');
const row = (title) => `[...document.querySelectorAll('.task')].find((task) => task.innerText.trim() === ${JSON.stringify(title)})`;

test('somebody signs up, adds, completes, reloads, deletes, and talks to the assistant', async () => {
  const page = await signUp(DESK, 'ada@example.org');
  await page.see('Nothing to do.');
  for (const title of ['Water the plants', '<b>Book</b> a table for six', 'Call Ada about the engine']) await add(page, title);
  await page.click('.task:first-child label');
  await page.see('2 open, 1 done');

  await page.reload();
  await page.see('2 open, 1 done');
  assert.deepEqual(await titles(page), ['Call Ada about the engine', '<b>Book</b> a table for six', 'Water the plants']);
  assert.equal(await page.evaluate(`${row('Call Ada about the engine')}.querySelector('input').checked`), true);

  await page.click('.task:nth-child(2) .delete');
  await page.miss('Book');
  await page.click('[data-filter=open]');
  assert.deepEqual(await titles(page), ['Water the plants']);
  await page.click('[data-filter=all]');

  await page.fill('#chat-form input', 'add a task to buy milk');
  await page.press('Enter');
  await page.see('Added “buy milk”.');
  await page.see('2 open, 1 done');
  assert.equal((await titles(page))[0], 'buy milk');
  await page.fill('#chat-form input', 'complete the plants');
  await page.press('Enter');
  await page.see('1 open, 2 done');
  await page.click('#hints button');
  await page.see('You have 1 open of 3:');
  await keep(page, 'demo-app-desk');
  await page.look({ ...DESK, isDark: true });
  await keep(page, 'demo-app-dark');

  assert.deepEqual(page.complaints, []);
  assert.equal(await page.evaluate('document.cookie'), '', 'the session is not for scripts');
});

test('on a phone everything is in reach and nothing is wider than the screen', async () => {
  const page = await signUp(PHONE, 'grace@example.org', 'Grace');
  for (const title of ['Find the moth', 'Pack for the conference', 'A title that is so long that it has to be broken into several lines on a phone, and is']) await add(page, title);
  await page.click('.task:nth-child(2) label');
  await page.see('2 open, 1 done');
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), PHONE.width);
  const small = await page.evaluate(`[...document.querySelectorAll('.task label, .delete, .main, input:not([type=checkbox])')]
    .filter((element) => element.checkVisibility() && element.getBoundingClientRect().height < 44)
    .map((element) => element.outerHTML)`);
  assert.deepEqual(small, []);
  await page.evaluate('document.activeElement.blur(); scrollTo(0, 0)');
  await keep(page, 'demo-app-phone');
});

test('signing out ends the session, a wrong password is told, and the right one brings the tasks back', async () => {
  const page = await signUp(DESK, 'alan@example.org', 'Alan');
  await add(page, 'Halt');
  await page.click('#sign-out');
  await page.see('Welcome back');
  assert.ok(!(await page.text()).includes('Halt'));
  const direct = await page.evaluate(`fetch('/api/00000000-0000-0000-0000-000000000000/tasks').then((response) => response.status)`);
  assert.equal(direct, 401);

  await page.fill('[name=email]', 'alan@example.org');
  await page.fill('[name=password]', 'wrong');
  await page.press('Enter');
  await page.see('Address or password is wrong.');
  await page.evaluate('document.querySelector("[name=password]").value = ""');
  await page.fill('[name=password]', 'correct horse battery');
  await page.press('Enter');
  await page.see('Halt');
});

test('every control has a name, and the keyboard reaches all of them', async () => {
  const page = await signUp(DESK, 'barbara@example.org', 'Barbara');
  await add(page, 'Refactor');
  const controls = await page.controls();
  assert.deepEqual(controls.filter((control) => control.name.trim() === ''), []);
  assert.ok(controls.some(({ role, name }) => role === 'checkbox' && name === 'Refactor'));
  assert.ok(controls.some(({ role, name }) => role === 'button' && name === 'Delete Refactor'));

  // From the field for a new task: Add, three filters, the box, which a space ticks.
  await page.evaluate('document.querySelector("#add-form input").focus()');
  for (let step = 0; step < 5; step += 1) await page.press('Tab');
  assert.equal(await page.evaluate('document.activeElement.type'), 'checkbox');
  await page.press(' ');
  await page.see('0 open, 1 done');
  assert.equal(await page.evaluate('document.activeElement.type'), 'checkbox', 'the place is kept');
});

test('a backend that dies loses nothing, and a database that is away is told and comes back by itself', async () => {
  const page = await signUp(DESK, 'edsger@example.org', 'Edsger');
  await add(page, 'Survive');
  await backend.tell('kill backend');
  await page.reload();
  await page.see('Survive');

  await backend.tell('stop database');
  await page.reload();
  await page.see('The server cannot be reached right now.');
  await keep(page, 'demo-app-away');
  await backend.tell('start database');
  await page.see('Survive');
  await page.miss('cannot be reached');
});

test('what is typed while a list or a task is on its way is neither lost nor shown twice', async () => {
  const page = await signUp(DESK, 'leslie@example.org', 'Leslie');
  // Answers take their time, and come in another order than they were asked for.
  await page.evaluate(`(() => {
    const { fetch } = window;
    let turn = 0;
    window.fetch = async (...request) => {
      const response = await fetch(...request);
      await new Promise((resolve) => setTimeout(resolve, [400, 50, 200][turn++ % 3]));
      return response;
    };
  })()`);
  await page.fill('#chat-form input', 'add zero');
  await page.press('Enter');
  const names = ['one', 'two', 'three', 'four', 'five'];
  for (const name of names) {
    await page.fill('#add-form input', name);
    await page.press('Enter');
  }
  await page.see('6 open, 0 done');
  await new Promise((resolve) => setTimeout(resolve, 800));
  assert.deepEqual((await titles(page)).sort(), ['zero', ...names].sort());
  assert.equal(await page.evaluate('document.querySelector("#add-form input").value'), '');
});

test('text from others never becomes part of the page', async () => {
  const page = await signUp(DESK, 'mallory@example.org', '<img src=x onerror=alert(1)>');
  await add(page, '<script>document.title = "stolen"</script>');
  await page.fill('#chat-form input', 'add <img src=x onerror="document.title=1">');
  await page.press('Enter');
  await page.see('Added “<img');
  await page.reload();
  await page.see('<script>document.title');
  assert.equal(await page.evaluate('document.title'), 'TaskFlow');
  assert.equal(await page.evaluate('document.querySelectorAll("main img, main script").length'), 0);
  await assert.rejects(page.evaluate('document.querySelector("main").innerHTML = "<b>x</b>"'), /TrustedHTML/);
  const inline = page.evaluate(`new Promise((resolve) => {
    addEventListener('securitypolicyviolation', (event) => resolve(event.effectiveDirective));
    const script = document.createElement('img');
    script.src = 'http://127.0.0.1:1/steal';
    document.body.append(script);
  })`);
  assert.equal(await inline, 'img-src');
});
