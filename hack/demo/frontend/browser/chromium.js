// A headless Chromium, spoken to in the DevTools protocol over a pipe: messages of JSON, each ended by a NUL.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

// Milliseconds that a page may take for what a test waits for.
const PATIENCE = 60_000;

export class Chromium {
  /** `CHROMIUM` names another program than Debian's. */
  static async start() {
    const folder = await mkdtemp(path.join(tmpdir(), 'taskflow-chromium-'));
    const child = spawn(
      process.env.CHROMIUM ?? 'chromium',
      [
        '--headless=new',
        '--remote-debugging-pipe',
        // Root has no sandbox of its own, and the only pages are ours.
        '--no-sandbox',
        // The pages are on this machine, or on a cluster's node.
        '--no-proxy-server',
        '--disable-gpu',
        '--disable-dev-shm-usage',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--hide-scrollbars',
        '--lang=en-US',
        `--user-data-dir=${folder}`,
      ],
      { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] },
    );
    return new Chromium(child, folder);
  }

  constructor(child, folder) {
    this.child = child;
    this.folder = folder;
    this.exit = once(child, 'exit');
    this.number = 0;
    this.waiting = new Map();
    this.listeners = new Map();
    let rest = '';
    child.stdio[4].setEncoding('utf8').on('data', (text) => {
      const messages = (rest + text).split('\0');
      rest = messages.pop();
      for (const message of messages) this.receive(JSON.parse(message));
    });
  }

  receive({ id, sessionId, method, params, result, error }) {
    if (id === undefined) {
      this.listeners.get(sessionId)?.(method, params);
      return;
    }
    const { resolve, reject } = this.waiting.get(id);
    this.waiting.delete(id);
    if (error) reject(new Error(error.message));
    else resolve(result);
  }

  send(method, params = {}, sessionId = undefined) {
    const id = ++this.number;
    this.child.stdio[3].write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    return new Promise((resolve, reject) => this.waiting.set(id, { resolve, reject }));
  }

  /** A page of its own, with cookies and storage of its own. */
  async open(view) {
    const { browserContextId } = await this.send('Target.createBrowserContext');
    const { targetId } = await this.send('Target.createTarget', { url: 'about:blank', browserContextId });
    const { sessionId } = await this.send('Target.attachToTarget', { targetId, flatten: true });
    const page = new Page(this, sessionId);
    this.listeners.set(sessionId, (method, params) => page.hear(method, params));
    for (const domain of ['Page', 'Runtime', 'Log', 'DOM', 'Accessibility']) await page.send(`${domain}.enable`);
    await page.look(view);
    return page;
  }

  async end() {
    this.child.kill('SIGKILL');
    await this.exit;
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

export class Page {
  constructor(chromium, session) {
    this.chromium = chromium;
    this.session = session;
    // What the console and the browser complain of.
    this.complaints = [];
  }

  send(method, params) {
    return this.chromium.send(method, params, this.session);
  }

  hear(method, params) {
    if (method === 'Runtime.exceptionThrown') this.complaints.push(params.exceptionDetails.exception?.description);
    if (method === 'Log.entryAdded' && params.entry.level === 'error') this.complaints.push(params.entry.text);
  }

  /** How large the window is, and whether the user likes it dark. */
  async look({ width, height, isPhone = false, isDark = false }) {
    const deviceScaleFactor = isPhone ? 2 : 1;
    await this.send('Emulation.setDeviceMetricsOverride', { width, height, deviceScaleFactor, mobile: isPhone });
    const features = [
      { name: 'prefers-color-scheme', value: isDark ? 'dark' : 'light' },
      { name: 'prefers-reduced-motion', value: 'reduce' },
    ];
    await this.send('Emulation.setEmulatedMedia', { features });
  }

  async go(url) {
    await this.send('Page.navigate', { url });
    await this.until('document.readyState === "complete" && location.protocol !== "about:"');
  }

  async reload() {
    await this.evaluate('window.isOld = true');
    await this.send('Page.reload');
    await this.until('window.isOld === undefined && document.readyState === "complete"');
  }

  async evaluate(expression) {
    const { result, exceptionDetails } = await this.send('Runtime.evaluate', { expression, returnByValue: true, awaitPromise: true });
    if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
    return result.value;
  }

  /** Waits until the expression is true. */
  async until(expression, patience = PATIENCE) {
    const deadline = Date.now() + patience;
    while (Date.now() < deadline) {
      // A page that is just being left has nothing to say.
      if (await this.evaluate(expression).catch(() => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`not within ${patience} ms: ${expression}; the page says:\n${await this.text()}`);
  }

  text() {
    return this.evaluate('document.body.innerText');
  }

  async see(text) {
    await this.until(`document.body.innerText.includes(${JSON.stringify(text)})`);
  }

  async miss(text) {
    await this.until(`!document.body.innerText.includes(${JSON.stringify(text)})`);
  }

  /** A real click, in the middle of the element, which must be there to be seen. */
  async click(selector) {
    const quoted = JSON.stringify(selector);
    await this.until(`!!document.querySelector(${quoted})?.checkVisibility()`);
    const { x, y } = await this.evaluate(`(() => {
      const element = document.querySelector(${quoted});
      element.scrollIntoView({ block: 'nearest' });
      const { x, y, width, height } = element.getBoundingClientRect();
      return { x: x + width / 2, y: y + height / 2 };
    })()`);
    for (const type of ['mousePressed', 'mouseReleased']) {
      await this.send('Input.dispatchMouseEvent', { type, x, y, button: 'left', clickCount: 1 });
    }
  }

  async fill(selector, text) {
    await this.click(selector);
    await this.send('Input.insertText', { text });
  }

  async press(key) {
    const named = { Enter: { code: 'Enter', windowsVirtualKeyCode: 13, text: '\r' }, Tab: { code: 'Tab', windowsVirtualKeyCode: 9 }, ' ': { code: 'Space', windowsVirtualKeyCode: 32, text: ' ' } };
    await this.send('Input.dispatchKeyEvent', { type: 'keyDown', key, ...named[key] });
    await this.send('Input.dispatchKeyEvent', { type: 'keyUp', key, ...named[key] });
  }

  async screenshot() {
    const { data } = await this.send('Page.captureScreenshot', { format: 'png' });
    return Buffer.from(data, 'base64');
  }

  /** Role and name of everything that a screen reader can stop at. */
  async controls() {
    const { nodes } = await this.send('Accessibility.getFullAXTree');
    const roles = new Set(['button', 'checkbox', 'textbox', 'link', 'log']);
    return nodes
      .filter((node) => !node.ignored && roles.has(node.role?.value))
      .map((node) => ({ role: node.role.value, name: node.name?.value ?? '' }));
  }
}
