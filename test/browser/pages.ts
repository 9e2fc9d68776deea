import { once } from "node:events";
import { createServer } from "node:http";
import type { Server } from "node:http";

/** What a page tried, and what it saw of it. */
export type Sight = Readonly<Record<string, string>>;

/** Serves pages that try the emulator at `target` in every way that a page has, and takes what they saw. */
export class Pages implements AsyncDisposable {
  readonly port: number;
  readonly #server: Server;
  #saw = Promise.withResolvers<Sight>();

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  static async serve(script: string): Promise<Pages> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const pages = new Pages(server, typeof address === "object" && address !== null ? address.port : 0);
    server.on("request", (request, response) => {
      if (request.method !== "POST") {
        response.writeHead(200, { "content-type": "text/html; charset=utf-8" });
        response.end(`<!doctype html><title>a page</title><body><script type="module">${script}</script>`);
        return;
      }
      let text = "";
      request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
      request.on("end", () => {
        response.writeHead(204).end();
        pages.#saw.resolve(JSON.parse(text));
      });
    });
    return pages;
  }

  /** What the next page saw. */
  async saw(): Promise<Sight> {
    const sight = await this.#saw.promise;
    this.#saw = Promise.withResolvers();
    return sight;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }
}

/** The script of a page: `port` is the emulator's, as the page reaches it, `url` the path of a function URL. */
export function attempts(port: number, url: string): string {
  return `
const at = "http://127.0.0.1:${port}";
const saw = {};
const load = (element, attributes) =>
  new Promise((resolve) => {
    const made = Object.assign(document.createElement(element), attributes);
    made.onload = () => resolve("loaded");
    made.onerror = () => resolve("failed");
    document.body.append(made);
  });
const read = (path, init) =>
  fetch(path.startsWith("http") ? path : at + path, init).then(
    async (reply) => (reply.type === "opaque" ? "opaque" : reply.status + " " + (await reply.text()).slice(0, 40)),
    () => "failed",
  );
const invoke = "/2015-03-31/functions/victim/invocations";
const plain = { method: "POST", body: "{}", headers: { "content-type": "text/plain" } };
const submit = (path) => {
  const frame = Object.assign(document.createElement("iframe"), { name: "frame-" + path });
  const form = Object.assign(document.createElement("form"), { action: at + path, method: "post", target: frame.name });
  form.enctype = "text/plain";
  document.body.append(frame, form);
  const done = new Promise((resolve) => (frame.onload = () => resolve("loaded")));
  form.submit();
  return done;
};
const tries = {
  "reads a list": () => read("/2015-03-31/functions"),
  "reads the timeline": () => read("/_localemu/timeline"),
  "invokes": () => read(invoke, plain),
  "invokes without reading": () => read(invoke, { ...plain, mode: "no-cors" }),
  "invokes without a referrer": () => read(invoke, { ...plain, mode: "no-cors", referrerPolicy: "no-referrer" }),
  "calls with headers of AWS": () =>
    read("/", { method: "POST", body: '{"StreamName":"evil"}', headers: { "x-amz-target": "Kinesis_20131202.CreateStream" } }),
  "deletes": () => read("/2015-03-31/functions/victim", { method: "DELETE" }),
  "sends a beacon": async () => String(navigator.sendBeacon(at + invoke, "{}")),
  "submits a form": () => submit("/_localemu/reset"),
  "submits a form to a function": () => submit(invoke),
  "gets without reading": () => read("/_localemu/worlds/default/lease", { mode: "no-cors" }),
  "shows a picture": () => load("img", { src: at + "/bucket/picture" }),
  "polls by a picture": () =>
    load("img", { src: at + "/_localemu/runtime/victim/2018-06-01/runtime/invocation/next", referrerPolicy: "no-referrer" }),
  "runs a script": () => load("script", { src: at + "/_localemu/info" }),
  "shows a frame": () => load("iframe", { src: at + "/_localemu/timeline" }),
  "reads from a sandbox": () =>
    new Promise((resolve) => {
      addEventListener("message", ({ data }) => resolve(data), { once: true });
      const script = "fetch('" + at + "/_localemu/info').then(() => 'read', () => 'failed').then((saw) => parent.postMessage(saw, '*'))";
      const frame = Object.assign(document.createElement("iframe"), { srcdoc: "<script>" + script + "</" + "script>" });
      frame.sandbox = "allow-scripts";
      document.body.append(frame);
    }),
  "opens a socket": () =>
    new Promise((resolve) => {
      const socket = new WebSocket("ws://127.0.0.1:${port}/_localemu/timeline");
      socket.onopen = () => resolve("opened");
      socket.onerror = () => resolve("failed");
    }),
  "follows events": () =>
    new Promise((resolve) => {
      const source = new EventSource(at + "/_localemu/timeline");
      source.onopen = () => resolve("opened");
      source.onerror = () => (source.close(), resolve("failed"));
    }),
  "calls a rebound name": () => read("http://rebound.example:${port}/_localemu/info"),
  "calls a rebound name without reading": () => read("http://rebound.example:${port}" + invoke, { ...plain, mode: "no-cors" }),
  "calls a bucket's name": () => read("http://bucket.localhost:${port}/?list-type=2"),
  "asks for health": () => read("/_localemu/health/ready", { mode: "no-cors" }),
  "calls a function's URL": () => read("${url}", { mode: "no-cors" }),
};
const patience = () => new Promise((resolve) => setTimeout(() => resolve("nothing"), 3_000));
for (const [name, attempt] of Object.entries(tries)) saw[name] = await Promise.race([attempt(), patience()]);
await fetch("/saw", { method: "POST", body: JSON.stringify(saw) });
`;
}
