/**
 * Stands in for fastify in fauxqs, which uses of it no more than a table of routes: the gateway has already parsed HTTP,
 * and the web framework would be nine tenths of what is loaded.
 */

export interface HostedRequest {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string>>;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

type Handler = (request: HostedRequest, reply: HostedReply) => unknown;

interface Route {
  readonly method: string;
  readonly url: string;
  readonly handler: Handler;
}

class HostedReply {
  readonly headers: Record<string, string> = {};
  statusCode = 200;
  body: unknown;
  sent = false;

  status(code: number): this {
    this.statusCode = code;
    return this;
  }

  header(name: string, value: string | number): this {
    this.headers[name] = String(value);
    return this;
  }

  send(body?: unknown): this {
    this.body = body;
    this.sent = true;
    return this;
  }
}

export class RouteTable {
  readonly #handlers = new Map<string, Handler>();
  readonly get = this.#adder("GET");
  readonly put = this.#adder("PUT");
  readonly head = this.#adder("HEAD");
  readonly post = this.#adder("POST");
  readonly delete = this.#adder("DELETE");

  route({ method, url, handler }: Route): void {
    this.#handlers.set(`${method} ${url}`, handler);
  }

  // Bodies arrive decoded, request ids are the gateway's, and closing is the world's.
  addContentTypeParser(): void {}
  removeContentTypeParser(): void {}
  addHook(): void {}

  /** Status 405 and no body where there is no such route. */
  async call(method: string, url: string, request: HostedRequest): Promise<Answer> {
    const handler = this.#handlers.get(`${method} ${url}`);
    if (handler === undefined) return { status: 405, headers: {}, body: undefined };
    const reply = new HostedReply();
    const returned = await handler(request, reply);
    return { status: reply.statusCode, headers: reply.headers, body: reply.sent ? reply.body : returned };
  }

  #adder(method: string): (url: string, handler: Handler) => void {
    return (url, handler) => this.route({ method, url, handler });
  }
}

export default function fastify(): RouteTable {
  return new RouteTable();
}
