import http from "node:http";

/** A call that a FakeControlServer got; the path without `/_localemu/`, the world's prefix in front of it apart. */
export interface ControlCall {
  readonly method: string;
  readonly prefix: string;
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A server that answers the control API's routes with what a test says; a route that it does not know is an AWS error. */
export class FakeControlServer implements AsyncDisposable {
  readonly calls: ControlCall[] = [];
  /** By `METHOD path`, with the path's query. */
  readonly answers: Record<string, (call: ControlCall) => object> = {};
  /** How many leases are open. */
  leases = 0;
  #leaseClosed: () => void = () => {};
  /** Resolves when a lease is closed. */
  readonly leaseClosed = new Promise<void>((resolve) => (this.#leaseClosed = resolve));
  readonly #http = http.createServer((request, response) => {
    void this.#answer(request, response);
  });

  /** Listens on a free port; gives the endpoint. */
  async start(): Promise<string> {
    await new Promise<void>((resolve) => void this.#http.listen(0, "127.0.0.1", resolve));
    this.answers["GET info"] = ({ prefix }) => ({
      version: "0.1.0",
      region: "eu-west-1",
      accountId: "000000000000",
      world: prefix === "" ? "default" : prefix.slice("/_world/".length),
      credentials: { accessKeyId: `LEMU${prefix}`, secretAccessKey: "secret" },
      endpoint: this.endpoint + prefix,
    });
    return this.endpoint;
  }

  get endpoint(): string {
    const address = this.#http.address();
    return `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
  }

  /** Bodies of the calls to one path. */
  bodies(path: string): readonly Readonly<Record<string, unknown>>[] {
    return this.calls.filter((call) => call.path === path).map(({ body }) => body);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#http.closeAllConnections();
    await new Promise<void>((resolve) => void this.#http.close(() => resolve()));
  }

  async #answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    let text = "";
    request.setEncoding("utf8");
    for await (const chunk of request) text += chunk;
    const [prefix = "", path = ""] = (request.url ?? "").split("/_localemu/");
    const call = { method: request.method ?? "", prefix, path, body: text === "" ? {} : JSON.parse(text) };
    this.calls.push(call);
    if (path.endsWith("/lease")) {
      this.leases++;
      response.on("close", () => {
        this.leases--;
        this.#leaseClosed();
      });
      response.writeHead(200, { "content-type": "text/event-stream" }).write(": open\n\n");
      return;
    }
    const answer = this.answers[`${call.method} ${path}`];
    response.writeHead(answer === undefined ? 400 : 200, { "content-type": "application/json" });
    response.end(JSON.stringify(answer?.(call) ?? { error: { code: "UnknownOperation", message: `no ${path}` } }));
  }
}
