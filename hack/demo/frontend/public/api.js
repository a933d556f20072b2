// Requests to /api. The session is a cookie that this page cannot see.

/** What was answered instead of what was asked for; status 0 where nothing was. */
export class RequestError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }

  /** Whether the same request may well work in a moment. */
  get passes() {
    return this.status === 0 || this.status >= 502;
  }
}

export async function request(method, path, body) {
  let response;
  try {
    response = await fetch(`/api${path}`, {
      method,
      headers: body === undefined ? {} : { 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch {
    throw new RequestError(0, 'the server cannot be reached');
  }
  const value = response.status === 204 ? null : await response.json().catch(() => null);
  if (!response.ok) throw new RequestError(response.status, sentence(value, response.status));
  return value;
}

function sentence(value, status) {
  if (typeof value?.detail === 'string') return value.detail;
  // FastAPI's list of what is wrong with a body.
  const first = value?.detail?.[0];
  return first ? `${first.loc.at(-1)}: ${first.msg}` : `the server answered ${status}`;
}
