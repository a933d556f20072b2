// Puts what runs into .next/standalone, where the contract's Dockerfile looks for it. Nothing is translated or bundled:
// `node server.js` here and there is the same.
import { cp, rm } from 'node:fs/promises';

const target = '.next/standalone';

await rm(target, { recursive: true, force: true });
for (const part of ['server.js', 'lib', 'public', 'package.json']) {
  await cp(part, `${target}/${part}`, { recursive: true });
}
