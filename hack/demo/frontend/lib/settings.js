// What the environment says. An empty variable is as one that is not set.

/** Reads and checks the variables; throws an Error that names the variable and the rule. */
export function readSettings(environment) {
  const mode = environment.NODE_ENV || 'production';
  if (mode !== 'production' && mode !== 'development') {
    throw new Error('NODE_ENV must be production or development');
  }
  const isDevelopment = mode === 'development';
  return {
    mode,
    isDevelopment,
    backend: backendURL(environment.BACKEND_URL || (isDevelopment ? 'http://127.0.0.1:8000' : '')),
    port: whole('PORT', environment.PORT || '3000', 0, 65535),
    // How long requests are still sent to a pod that was told to stop: endpoints take a moment to follow.
    drainSeconds: whole('DRAIN_SECONDS', environment.DRAIN_SECONDS || '5', 0, 20),
  };
}

function backendURL(text) {
  let url;
  try {
    url = new URL(text);
  } catch {
    throw new Error('BACKEND_URL must be set, to a URL as http://HOST:PORT');
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new Error('BACKEND_URL must begin with http:// or https://');
  }
  return url;
}

function whole(name, text, smallest, largest) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < smallest || value > largest) {
    throw new Error(`${name} must be a whole number from ${smallest} to ${largest}`);
  }
  return value;
}
