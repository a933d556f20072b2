// The files below public/, read once at the start: nothing that a request names is ever looked for on the disk.
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';

const TYPES = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  svg: 'image/svg+xml',
};

/**
 * The files by their paths; `/` is index.html. With `again` they are read for every request, so that a change shows.
 */
export async function readPages(folder, { again }) {
  let pages = await readAll(folder);
  return {
    async find(path) {
      if (again) pages = await readAll(folder);
      return pages.get(path);
    },
  };
}

async function readAll(folder) {
  const pages = new Map();
  for (const name of await readdir(folder)) {
    const body = await readFile(new URL(name, folder));
    const page = {
      body,
      type: TYPES[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream',
      tag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
    };
    pages.set(`/${name}`, page);
    if (name === 'index.html') pages.set('/', page);
  }
  return pages;
}
