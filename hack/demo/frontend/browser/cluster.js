// A cluster, by way of kubectl and of whatever it is configured with.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';

export class Cluster {
  static async open(namespace) {
    const child = spawn('kubectl', ['proxy', '--port=0'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await Promise.race([
      once(createInterface({ input: child.stdout }), 'line'),
      once(child, 'exit').then(() => Promise.reject(new Error('kubectl proxy has ended'))),
    ]);
    return new Cluster(child, `http://${line.trim().split(' ').at(-1)}`, namespace);
  }

  constructor(child, base, namespace) {
    this.child = child;
    this.base = base;
    this.namespace = namespace;
  }

  close() {
    this.child.kill();
  }

  /** What kubectl prints. */
  async kubectl(...words) {
    const { stdout } = await promisify(execFile)('kubectl', words);
    return stdout;
  }

  /** Status and body of a path of the API. */
  async ask(path) {
    const response = await fetch(this.base + path);
    return { status: response.status, text: await response.text() };
  }

  async object(path) {
    const { status, text } = await this.ask(path);
    if (status !== 200) throw new Error(`${path}: ${status} ${text}`);
    return JSON.parse(text);
  }

  app(name) {
    return this.object(`/apis/todo.taskflow.dev/v1alpha1/namespaces/${this.namespace}/todoapps/${name}`);
  }

  async nodes() {
    return (await this.object('/api/v1/nodes')).items;
  }

  /** The pods with that label `app` which are not on their way out. */
  async pods(app) {
    const { items } = await this.object(`/api/v1/namespaces/${this.namespace}/pods?labelSelector=app%3D${app}`);
    return items.filter((pod) => pod.metadata.deletionTimestamp === undefined);
  }

  /** What a pod answers, through the API server. */
  askPod(pod, port, path) {
    return this.ask(`/api/v1/namespaces/${this.namespace}/pods/${pod}:${port}/proxy${path}`);
  }
}

/** The state of a condition: `{status, reason, message}`. */
export const condition = (object, type) => object.status?.conditions?.find((each) => each.type === type) ?? {};
