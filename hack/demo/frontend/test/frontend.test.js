// The server, against a backend that is made up; each test says what it answers.
import assert from 'node:assert/strict';
import http from 'node:http';
import { once } from 'node:events';
import { after, before, beforeEach, test } from 'node:test';
import { Drain } from '../lib/drain.js';
import { createFrontend } from '../lib/frontend.js';
import { readPages } from '../lib/pages.js';

const EXPIRES = new Date(Date.now() + 7 * 86_400_000).toISOString();
const lines = [];
const drain = new Drain(0);
let asked;
let answer;
let backend;
let frontend;
let url;

before(async () => {
  backend = http.createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    asked.push({ method: request.method, url: request.url, headers: request.headers, body });
    answer(request, response);
  });
  backend.listen(0, '127.0.0.1');
  await once(backend, 'listening');
  const settings = { backend: new URL(`http://127.0.0.1:${backend.address().port}`) };
  const pages = await readPages(new URL('../public/', import.meta.url), { again: false });
  frontend = createFrontend({ settings, drain, pages, log: (line) => lines.push(line) });
  frontend.listen(0, '127.0.0.1');
  await once(frontend, 'listening');
  url = `http://127.0.0.1:${frontend.address().port}`;
});

beforeEach(() => {
  asked = [];
  lines.length = 0;
  answer = (request, response) => json(response, 200, { ok: true });
});

after(() => {
  frontend.close();
  frontend.closeAllConnections();
  backend.close();
  backend.closeAllConnections();
});

function json(response, status, value, headers = {}) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

test('the page and its files are served with a policy that lets in nothing else', async () => {
  for (const [path, type] of [
    ['/', 'text/html'],
    ['/app.js', 'text/javascript'],
    ['/app.css', 'text/css'],
    ['/favicon.svg', 'image/svg+xml'],
  ]) {
    const response = await fetch(url + path);
    assert.equal(response.status, 200, path);
    assert.ok(response.headers.get('content-type').startsWith(type), path);
    const policy = response.headers.get('content-security-policy');
    assert.match(policy, /default-src 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff');
    const again = await fetch(url + path, { headers: { 'if-none-match': response.headers.get('etag') } });
    assert.equal(again.status, 304);
  }
  assert.deepEqual(asked, []);
});

test('what is not there is not there, however it is spelled', async () => {
  for (const path of ['/nothing', '/server.js', '/../server.js', '/%2e%2e/server.js', '/public/app.js', '/__proto__', '//etc/passwd']) {
    assert.equal(await statusOf('GET', path), 404, path);
  }
  assert.equal(await statusOf('POST', '/'), 405);
});

/** As it stands: fetch would tidy up the path. */
async function statusOf(method, path) {
  const { port } = frontend.address();
  const request = http.request({ host: '127.0.0.1', port, method, path, agent: false }).end();
  const [response] = await once(request, 'response');
  response.resume();
  return response.statusCode;
}

test('signing in makes the token a cookie that no script can read, and keeps it from the page', async () => {
  answer = (request, response) =>
    json(response, 200, { user: { id: '1' }, token: 'a.b.c', token_type: 'bearer', expires_at: EXPIRES });
  const response = await post('/api/auth/signin', { email: 'a@b.cd', password: 'canary-password' });
  assert.deepEqual(await response.json(), { user: { id: '1' }, expires_at: EXPIRES });
  const cookie = response.headers.get('set-cookie');
  assert.match(cookie, /^todo_session=a\.b\.c; HttpOnly; SameSite=Strict; Path=\/api; Max-Age=60\d{4}$/);
  assert.equal(asked[0].body, '{"email":"a@b.cd","password":"canary-password"}');
  assert.ok(!lines.join().includes('canary'));

  const byTLS = await post('/api/auth/signup', {}, { 'x-forwarded-proto': 'https' });
  assert.match(byTLS.headers.get('set-cookie'), /; Secure$/);
});

test('the cookie is the token that the backend gets, and nothing else of the browser is', async () => {
  const response = await fetch(`${url}/api/1/tasks?limit=5`, {
    headers: { cookie: 'x=y; todo_session=a.b.c', 'x-secret': 'canary', authorization: 'Bearer other' },
  });
  assert.equal(response.status, 200);
  const [{ url: path, headers }] = asked;
  assert.equal(path, '/api/1/tasks?limit=5');
  assert.equal(headers.authorization, 'Bearer a.b.c');
  assert.equal(headers.cookie, undefined);
  assert.equal(headers['x-secret'], undefined);
});

test('a token that is no good ends the session, and so does signing out', async () => {
  answer = (request, response) => json(response, 401, { detail: 'sign in first' }, { 'www-authenticate': 'Bearer' });
  const refused = await fetch(`${url}/api/1/tasks`);
  assert.equal(refused.status, 401);
  assert.match(refused.headers.get('set-cookie'), /^todo_session=; .*Max-Age=0$/);
  const out = await post('/api/auth/signout');
  assert.equal(out.status, 204);
  assert.match(out.headers.get('set-cookie'), /Max-Age=0/);
  assert.equal(asked.length, 1);
});

test('another site cannot change anything', async () => {
  for (const headers of [
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
    { origin: 'http://elsewhere.example' },
    { origin: 'null' },
  ]) {
    assert.equal((await post('/api/1/tasks', { title: 'x' }, headers)).status, 403, JSON.stringify(headers));
  }
  assert.deepEqual(asked, []);
  for (const headers of [{ 'sec-fetch-site': 'same-origin' }, { origin: url }, {}]) {
    assert.equal((await post('/api/1/tasks', { title: 'x' }, headers)).status, 200, JSON.stringify(headers));
  }
});

test("the backend's answers come through, whatever they are", async () => {
  answer = (request, response) => response.writeHead(204).end();
  assert.equal((await fetch(`${url}/api/1/tasks/2`, { method: 'DELETE' })).status, 204);
  answer = (request, response) => json(response, 503, { detail: 'the database cannot be reached' }, { 'retry-after': '2' });
  const away = await fetch(`${url}/api/1/tasks`);
  assert.equal(away.status, 503);
  assert.equal(away.headers.get('retry-after'), '2');
  assert.equal(away.headers.get('cache-control'), 'no-store');
});

test('a body that is too large goes nowhere', async () => {
  const response = await post('/api/1/tasks', { title: 'x'.repeat(70_000) });
  assert.equal(response.status, 413);
  assert.deepEqual(asked, []);
});

test('a backend that breaks off is asked again by whoever reads, and by nobody else', async () => {
  answer = (request, response) => {
    if (asked.length === 1) response.destroy();
    else json(response, 200, []);
  };
  assert.equal((await fetch(`${url}/api/1/tasks`)).status, 200);
  assert.equal(asked.length, 2);
  asked = [];
  const response = await post('/api/1/tasks', { title: 'x' });
  assert.equal(response.status, 502);
  assert.equal(asked.length, 1);
});

test('a backend that is away for a moment is waited for', async () => {
  const { port } = backend.address();
  backend.close();
  backend.closeAllConnections();
  const waiting = post('/api/1/tasks', { title: 'x' });
  await new Promise((resolve) => setTimeout(resolve, 300));
  backend.listen(port, '127.0.0.1');
  assert.equal((await waiting).status, 200);
});

test('a log line has method, path and status, and no query', async () => {
  await (await fetch(`${url}/api/1/tasks?token=canary`)).text();
  await (await fetch(`${url}/health`)).text();
  await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(lines.length, 1);
  assert.match(lines[0], /^GET \/api\/1\/tasks 200 \d+ ms$/);
});

async function post(path, value, headers = {}) {
  return fetch(url + path, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: value === undefined ? undefined : JSON.stringify(value),
  });
}
