// The frontend: `node server.js`. It serves the page and hands /api on to the backend.
import { createFrontend } from './lib/frontend.js';
import { Drain } from './lib/drain.js';
import { readPages } from './lib/pages.js';
import { readSettings } from './lib/settings.js';

let settings;
try {
  settings = readSettings(process.env);
} catch (error) {
  console.error(`configuration: ${error.message}`);
  process.exit(1);
}

const drain = new Drain(settings.drainSeconds);
const pages = await readPages(new URL('./public/', import.meta.url), { again: settings.isDevelopment });
const server = createFrontend({ settings, drain, pages, log: console.log });

server.on('error', (error) => {
  console.error(`cannot listen on port ${settings.port}: ${error.code}`);
  process.exit(1);
});
server.listen(settings.port, () => {
  const { port } = server.address();
  console.log(`taskflow-frontend serves at port ${port} for ${settings.backend.origin} (${settings.mode})`);
});
drain.listen(server, console.log);
