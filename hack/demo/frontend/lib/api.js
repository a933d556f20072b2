// The way from the page to the backend: /api/... is handed on, with the session's cookie as the token that the backend
// wants. A browser so needs neither CORS nor a name that only the cluster knows.
import { askBackend, BackendError } from './backend.js';
import { readBody, TooLargeError } from './body.js';
import { comesFromElsewhere, cookieFor, noCookie, tokenOf } from './session.js';

// As the backend's own bound.
const LARGEST_REQUEST = 64 * 1024;
// 500 tasks of the greatest length.
const LARGEST_ANSWER = 16 * 1024 * 1024;
const SIGNS_IN = /^\/api\/(v1\/)?auth\/(signin|signup)$/;
const SIGNS_OUT = '/api/auth/signout';
const METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'PATCH']);

/** Answers a request for /api/...; everything goes through here, errors as well. */
export async function handleAPI(request, response, path, backend) {
  try {
    if (!METHODS.has(request.method)) throw new BackendError(405, 'this method is not allowed');
    if (comesFromElsewhere(request)) throw new BackendError(403, 'this comes from another site');
    if (path === SIGNS_OUT && request.method === 'POST') {
      response.writeHead(204, { 'set-cookie': noCookie(request) }).end();
      return;
    }
    await handOn(request, response, path, backend);
  } catch (error) {
    if (response.headersSent) {
      response.destroy();
    } else if (error instanceof BackendError) {
      sendJSON(response, error.status, { detail: error.message });
    } else if (error instanceof TooLargeError) {
      response.setHeader('connection', 'close');
      sendJSON(response, 413, { detail: error.message });
    } else {
      // The connection broke, on either side, in the middle of a body.
      sendJSON(response, 502, { detail: 'the request broke off' });
    }
  }
}

async function handOn(request, response, path, backend) {
  const body = await readBody(request, LARGEST_REQUEST);
  const answer = await askBackend(backend, {
    method: request.method,
    path: request.url,
    headers: headersFor(request),
    body,
  });
  const content = await readBody(answer, LARGEST_ANSWER);
  const headers = { 'cache-control': 'no-store' };
  for (const name of ['content-type', 'retry-after', 'www-authenticate']) {
    if (answer.headers[name] !== undefined) headers[name] = answer.headers[name];
  }
  if (SIGNS_IN.test(path) && answer.statusCode < 300) {
    const { token, token_type: _, ...rest } = JSON.parse(content);
    headers['set-cookie'] = cookieFor(token, rest.expires_at, request);
    response.writeHead(answer.statusCode, headers).end(JSON.stringify(rest));
    return;
  }
  if (answer.statusCode === 401) headers['set-cookie'] = noCookie(request);
  response.writeHead(answer.statusCode, headers).end(content);
}

function headersFor(request) {
  const headers = { accept: 'application/json', 'x-forwarded-for': request.socket.remoteAddress ?? '' };
  if (request.headers['content-type']) headers['content-type'] = request.headers['content-type'];
  const token = tokenOf(request);
  if (token) headers.authorization = `Bearer ${token}`;
  return headers;
}

export function sendJSON(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}
