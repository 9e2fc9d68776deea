import type { Ids } from "../core/ids.ts";
import { newTraceRoot } from "../core/trace-root.ts";
import type { World } from "../world.ts";
import type { Worlds } from "../worlds.ts";
import { callerGone } from "./caller-gone.ts";
import type { FunctionUrlTarget } from "./function-url-address.ts";
import type { Incoming, Outgoing, Scheme } from "./listener.ts";
import { send } from "./reply.ts";
import { BodyTooLargeError, readBody } from "./request-body.ts";

interface Target extends Omit<FunctionUrlTarget, "world"> {
  readonly world: World | undefined;
}

interface From {
  readonly scheme: Scheme;
  readonly host: string | undefined;
  readonly query: string;
  /** Who signed the request. */
  readonly accessKeyId: string | undefined;
}

/** AWS: the largest event (AWS docs); a larger body is refused before its function is asked. */
const largestBody = 6_291_456;

/** Answers requests to functions' URLs. A URL's id leads to its world. */
export class FunctionUrlGateway {
  readonly #worlds: Worlds;
  readonly #ids: Ids;
  readonly #now: () => number;

  /** `now`: host time, milliseconds since the epoch. */
  constructor(worlds: Worlds, ids: Ids, now: () => number) {
    this.#worlds = worlds;
    this.#ids = ids;
    this.#now = now;
  }

  async serve({ id, path, world: named }: Target, incoming: Incoming, outgoing: Outgoing, from: From): Promise<void> {
    const world = named ?? this.#worlds.all.find(({ services }) => services.loadedLambda?.urls.has(id));
    const lambda = await (world ?? this.#worlds.default).services.lambda();
    const token = world?.activity.begin("request to a function URL");
    try {
      const body = await readBody(incoming, largestBody).catch((error: unknown) => {
        if (error instanceof BodyTooLargeError) return undefined;
        throw error;
      });
      const request = {
        method: incoming.method ?? "GET",
        path,
        query: from.query,
        headers: this.#headers(incoming, from),
        protocol: incoming.httpVersionMajor === 2 ? "HTTP/2.0" : "HTTP/1.1",
        sourceIp: addressOf(incoming),
        body,
      };
      const call = { requestId: this.#ids.uuid(), accessKeyId: from.accessKeyId, signal: callerGone(outgoing) };
      const reply = await lambda.urls.serve(id, request, call);
      token?.release();
      await send(outgoing, { ...reply, ownsChunks: true });
    } finally {
      token?.release();
    }
  }

  /** By lower-case name, several of one name joined by commas, and with what AWS adds. */
  #headers(incoming: Incoming, { scheme, host = "" }: From): Map<string, string> {
    const headers = new Map<string, string>();
    const add = (name: string, value: string): void => {
      const before = headers.get(name);
      const separator = name === "cookie" ? "; " : ",";
      headers.set(name, before === undefined ? value : before + separator + value);
    };
    const { rawHeaders } = incoming;
    for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
      const name = rawHeaders[at]?.toLowerCase() ?? "";
      if (!name.startsWith(":") && !ofConnection.has(name)) add(name, rawHeaders[at + 1] ?? "");
    }
    headers.set("host", host);
    add("x-forwarded-for", addressOf(incoming));
    headers.set("x-forwarded-proto", scheme);
    headers.set("x-forwarded-port", /:(\d+)$/.exec(host)?.[1] ?? (scheme === "https" ? "443" : "80"));
    if (!headers.has("x-amzn-trace-id")) headers.set("x-amzn-trace-id", `Root=${newTraceRoot(this.#ids, this.#now())}`);
    return headers;
  }
}

const ofConnection: ReadonlySet<string> = new Set(["connection", "keep-alive", "transfer-encoding", "upgrade"]);

/** Of IPv4 as such, also where the system has it inside an address of IPv6; the connection may be gone already. */
function addressOf({ socket }: Incoming): string {
  return (socket.remoteAddress ?? "127.0.0.1").replace(/^::ffff:/, "");
}
