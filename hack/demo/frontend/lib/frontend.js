// The server: pages, /api, /health, and the headers that every answer has.
import http from 'node:http';
import { handleAPI, sendJSON } from './api.js';

// The page's own files and nothing else; and no text ever becomes a script.
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

export function createFrontend({ settings, drain, pages, log }) {
  return http.createServer((request, response) => {
    const started = process.hrtime.bigint();
    const path = request.url.split('?', 1)[0];
    for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
    if (drain.hasBegun) response.setHeader('connection', 'close');
    response.on('close', () => {
      if (isProbe(request)) return;
      const milliseconds = Number((process.hrtime.bigint() - started) / 1_000_000n);
      // The path alone: nobody knows what stands behind a question mark.
      log(`${request.method} ${path} ${response.writableFinished ? response.statusCode : 'broken off'} ${milliseconds} ms`);
    });
    if (path === '/health') {
      sendJSON(response, drain.hasBegun ? 503 : 200, { status: drain.hasBegun ? 'stopping' : 'healthy' });
    } else if (path.startsWith('/api/')) {
      void handleAPI(request, response, path, settings.backend);
    } else {
      void sendPage(request, response, path, pages);
    }
  });
}

async function sendPage(request, response, path, pages) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.writeHead(405, { allow: 'GET, HEAD' }).end();
    return;
  }
  const page = await pages.find(path);
  if (page === undefined) {
    response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8' }).end('There is no such page.\n');
    return;
  }
  const headers = { etag: page.tag, 'cache-control': 'no-cache' };
  if (request.headers['if-none-match'] === page.tag) {
    response.writeHead(304, headers).end();
    return;
  }
  response.writeHead(200, { ...headers, 'content-type': page.type, 'content-length': page.body.length });
  response.end(request.method === 'HEAD' ? undefined : page.body);
}

function isProbe(request) {
  return request.url === '/health' || (request.headers['user-agent'] ?? '').startsWith('kube-probe/');
}
