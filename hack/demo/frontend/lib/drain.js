// From SIGTERM to the end, without losing a request: for a while requests are still served, each on a connection that
// ends with its answer; then nothing new is taken, and what is in flight is finished.

// Seconds from SIGTERM until what is still in flight is given up, before the 30 s at which SIGKILL comes.
const LIMIT = 28;

export class Drain {
  constructor(seconds) {
    this.seconds = seconds;
    this.hasBegun = false;
  }

  listen(server, log) {
    process.on('SIGTERM', () => this.begin(server, log));
    process.on('SIGINT', () => {
      this.hasBegun = true;
      this.end(server);
    });
  }

  /** A second signal makes an end of it. */
  begin(server, log) {
    if (this.hasBegun) {
      this.end(server);
      return;
    }
    this.hasBegun = true;
    log(`stopping: no new connections in ${this.seconds} s`);
    setTimeout(() => this.end(server), this.seconds * 1000);
    setTimeout(() => server.closeAllConnections(), LIMIT * 1000).unref();
  }

  /** The process ends by itself when the last connection is gone. */
  end(server) {
    server.close(() => process.exit(0));
    server.closeIdleConnections();
  }
}
