/// <reference types="node" preserve="true" />
import { connect, type Socket } from "node:net";
import { ReplyReader, type Reply } from "./reply-reader.ts";

/** A request whose body is there as a whole. */
export interface RawRequest {
  readonly method: string;
  readonly path: string;
  /** Names as they go on the wire; values' characters are bytes. */
  readonly headers: Readonly<Record<string, string | number>>;
  readonly body: Buffer | undefined;
}

/** A body of fewer bytes costs less to copy than to write by itself. */
const SHORT = 16 * 1024;

interface Waiting {
  readonly resolve: (reply: Reply) => void;
  readonly reject: (error: Error) => void;
}

/**
 * Exchanges requests and replies with a Runtime API over connections that are kept, one exchange on each at a time. A connection
 * without an exchange does not keep the process alive. What instruments `node:http` in a function does not see them, as on Lambda.
 */
export class RawConnections {
  readonly #host: string;
  readonly #port: number;
  readonly #all = new Set<Socket>();
  readonly #free: Connection[] = [];

  constructor(host: string, port: number) {
    this.#host = host;
    this.#port = port;
  }

  /** Rejects when the connection breaks, when it carries no HTTP, and for a header that cannot be sent. */
  async exchange(request: RawRequest): Promise<Reply> {
    const head = this.#write(request);
    const connection = this.#free.pop() ?? this.#open();
    const reply = await connection.exchange(head, request.body);
    if (connection.usable) this.#free.push(connection);
    return reply;
  }

  /** Breaks off all that is under way. */
  close(): void {
    for (const socket of this.#all) socket.destroy();
  }

  #open(): Connection {
    const socket = connect({ host: this.#host, port: this.#port, noDelay: true });
    this.#all.add(socket);
    const connection = new Connection(socket, () => {
      this.#all.delete(socket);
      const at = this.#free.indexOf(connection);
      if (at >= 0) this.#free.splice(at, 1);
    });
    return connection;
  }

  #write({ method, path, headers }: RawRequest): string {
    let head = `${method} ${path} HTTP/1.1\r\nHost: ${this.#host}:${this.#port}\r\n`;
    for (const [name, value] of Object.entries(headers)) {
      const text = String(value);
      // Nobody may end the header early by what an error says.
      if (/[^\t\x20-\x7e\x80-\xff]/.test(text)) throw new TypeError(`Invalid character in header ${name}`);
      head += `${name}: ${text}\r\n`;
    }
    return `${head}\r\n`;
  }
}

class Connection {
  readonly #socket: Socket;
  readonly #replies = new ReplyReader();
  #waiting: Waiting | undefined;

  constructor(socket: Socket, onClosed: () => void) {
    this.#socket = socket;
    socket.on("data", (bytes: Buffer) => this.#onData(bytes));
    socket.on("error", (error) => this.#settle()?.reject(error));
    socket.on("close", () => {
      onClosed();
      this.#settle()?.reject(new Error("The connection to the Runtime API broke"));
    });
  }

  get usable(): boolean {
    return !this.#socket.destroyed && this.#socket.writable;
  }

  exchange(head: string, body: Buffer | undefined): Promise<Reply> {
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
      this.#socket.ref();
      if (body === undefined) {
        this.#socket.write(head, "latin1");
      } else if (body.byteLength < SHORT) {
        this.#socket.write(Buffer.concat([Buffer.from(head, "latin1"), body]));
      } else {
        this.#socket.cork();
        this.#socket.write(head, "latin1");
        this.#socket.write(body);
        this.#socket.uncork();
      }
    });
  }

  #onData(bytes: Buffer): void {
    try {
      const reply = this.#replies.read(bytes);
      if (reply === undefined) return;
      this.#socket.unref();
      if (/\bclose\b/i.test(reply.headers["connection"] ?? "")) this.#socket.destroySoon();
      this.#settle()?.resolve(reply);
    } catch (error) {
      this.#settle()?.reject(error instanceof Error ? error : new Error(String(error)));
      this.#socket.destroy();
    }
  }

  #settle(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }
}
