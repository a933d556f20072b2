// Requests to the backend. Each has a connection of its own: the Service then finds a pod for each, and none is sent
// into a connection that is just being closed.
import http from 'node:http';
import https from 'node:https';
import { setTimeout as pause } from 'node:timers/promises';

// A chat may take ten seconds; after this long nobody waits any more.
const TIMEOUT = 30_000;
// A pod that dies is replaced within moments: a refused connection is worth another try.
const ATTEMPTS = 4;
const PAUSE = 250;
// Nothing was sent yet.
const REFUSED = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'EAI_AGAIN']);
// A pod died over it: whoever only reads may ask again.
const BROKEN = new Set(['ECONNRESET', 'EPIPE']);

export class BackendError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** The backend's answer, with its body still to come; a BackendError where there is none. */
export async function askBackend(base, { method, path, headers, body }) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await send(base, { method, path, headers, body });
    } catch (error) {
      const again = REFUSED.has(error.code) || (method === 'GET' && BROKEN.has(error.code));
      if (again && attempt < ATTEMPTS) {
        await pause(PAUSE * attempt);
        continue;
      }
      if (error instanceof BackendError) throw error;
      throw new BackendError(502, 'the backend cannot be reached');
    }
  }
}

function send(base, { method, path, headers, body }) {
  const { request } = base.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const outgoing = request(
      {
        host: base.hostname.replace(/^\[|\]$/g, ''),
        port: base.port,
        path: base.pathname.replace(/\/$/, '') + path,
        method,
        headers: { ...headers, 'content-length': body.length },
        agent: false,
        timeout: TIMEOUT,
      },
      resolve,
    );
    outgoing.on('timeout', () => outgoing.destroy(new BackendError(504, 'the backend does not answer')));
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
