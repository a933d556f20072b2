// Who is signed in is a cookie that scripts cannot read, and not a token in the page: what gets into the page, should
// anything ever, cannot take it away, and a reload does not sign anybody out. SameSite=Strict keeps other sites from
// using it; see also `comesFromElsewhere`.

const NAME = 'todo_session';

/** The Set-Cookie line for a token. Only a request that came by TLS gets a cookie that wants TLS from then on. */
export function cookieFor(token, expiresAt, request) {
  const age = Math.max(0, Math.floor((Date.parse(expiresAt) - Date.now()) / 1000));
  return cookie(token, age, request);
}

/** The Set-Cookie line that ends it. */
export function noCookie(request) {
  return cookie('', 0, request);
}

function cookie(value, age, request) {
  const secure = request.headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
  return `${NAME}=${value}; HttpOnly; SameSite=Strict; Path=/api; Max-Age=${age}${secure}`;
}

/** The token of a request; undefined where there is none. */
export function tokenOf(request) {
  for (const part of (request.headers.cookie ?? '').split(';')) {
    const [name, value] = part.trim().split('=', 2);
    if (name === NAME && value) return value;
  }
  return undefined;
}

/** Whether another site's page sent a request that changes something. */
export function comesFromElsewhere(request) {
  if (request.method === 'GET' || request.method === 'HEAD') return false;
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  // Browsers leave that header out where there is no TLS.
  const { origin, host } = request.headers;
  if (origin === undefined) return false;
  try {
    return new URL(origin).host !== (request.headers['x-forwarded-host'] ?? host);
  } catch {
    return true;
  }
}
