// The programs that tests start: the frontend, and the backend with its database.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** `node server.js` on a free port. */
export async function startFrontend(environment, folder = fileURLToPath(new URL('..', import.meta.url))) {
  const child = spawn(process.execPath, ['server.js'], {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: '0', DRAIN_SECONDS: '0', ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  const lines = createInterface({ input: child.stdout });
  const [line] = await once(lines, 'line');
  return {
    process: child,
    url: `http://127.0.0.1:${/at port (\d+)/.exec(line)[1]}`,
    ended: () => exit,
    async kill() {
      child.kill('SIGKILL');
      await exit;
    },
  };
}

/** The backend on a PostgreSQL of its own; `DEMO_PYTHON` is the interpreter that has its packages. */
export async function startBackend() {
  if (!process.env.DEMO_PYTHON) throw new Error('DEMO_PYTHON must be set; hack/demo/test does');
  const child = spawn(process.env.DEMO_PYTHON, ['-B', '-m', 'tests.serve'], {
    cwd: fileURLToPath(new URL('../../backend', import.meta.url)),
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const { value: url } = await lines.next();
  if (url === undefined) throw new Error('the backend did not start');
  return {
    url,
    /** `stop database`, `start database`, `kill backend`. */
    async tell(line) {
      child.stdin.write(`${line}\n`);
      return (await lines.next()).value;
    },
    async end() {
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}
