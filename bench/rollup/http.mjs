// HTTP/1.1 over plain sockets, requests made ahead: the load generator must not be what is measured.
import net from "node:net";

const PATIENCE_MS = 20_000;
const HEAD_END = Buffer.from("\r\n\r\n");
const LAST_CHUNK = Buffer.from("\r\n0\r\n\r\n");

export function request_bytes(body) {
  return Buffer.from(`POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}

function join_chunks(data) {
  const parts = [];
  for (let at = 0; ; ) {
    const line = data.indexOf("\r\n", at);
    const size = parseInt(data.toString("latin1", at, line), 16);
    if (!size) return Buffer.concat(parts).toString();
    parts.push(data.subarray(line + 2, line + 2 + size));
    at = line + 2 + size + 2;
  }
}

/** One keep-alive connection with one request at a time. */
export class Connection {
  static open(port) {
    return new Promise((resolve, reject) => {
      const socket = net.connect({ port, host: "127.0.0.1", noDelay: true }, () => resolve(new Connection(socket)));
      socket.once("error", reject);
    });
  }
  constructor(socket) {
    this.socket = socket;
    this.parts = [];
    this.size = 0;
    this.wanted = 0; // bytes of the whole answer; 0: not known yet, -1: chunked
    socket.on("data", (data) => this.#take(data));
    socket.on("error", (error) => this.#fail(error));
    socket.on("close", () => this.#fail(new Error("the server closed the connection")));
    socket.setTimeout(PATIENCE_MS, () => this.waiting && socket.destroy(new Error(`no answer within ${PATIENCE_MS / 1000} s`)));
  }
  /** Resolves with the body's text. */
  send(request) {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.socket.write(request);
    });
  }
  async call(method, ...params) {
    const answer = JSON.parse(await this.send(request_bytes(JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }))));
    if (answer.error) throw Object.assign(new Error(`${method}: ${answer.error.message}`), { code: answer.error.code });
    return answer.result;
  }
  close() {
    this.waiting = undefined;
    this.socket.destroy();
  }
  #take(data) {
    this.parts.push(data);
    this.size += data.length;
    if (this.wanted > 0 && this.size < this.wanted) return;
    const all = this.parts.length === 1 ? data : Buffer.concat(this.parts, this.size);
    this.parts = [all];
    const head_end = all.indexOf(HEAD_END);
    if (head_end < 0) return;
    const start = head_end + 4;
    if (this.wanted === 0) {
      const head = all.toString("latin1", 0, start).toLowerCase();
      const length = /\r\ncontent-length: *(\d+)/.exec(head);
      this.wanted = length ? start + Number(length[1]) : -1;
    }
    const done = this.wanted > 0 ? this.size >= this.wanted : all.indexOf(LAST_CHUNK, head_end) >= 0;
    if (!done) return;
    const text = this.wanted > 0 ? all.toString("utf8", start) : join_chunks(all.subarray(start));
    this.parts = [];
    this.size = this.wanted = 0;
    const { resolve } = this.waiting;
    this.waiting = undefined;
    resolve(text);
  }
  #fail(error) {
    const waiting = this.waiting;
    this.waiting = undefined;
    waiting?.reject(error);
  }
}
