import type { FunctionSpec } from "../contract.ts";
import type { Api } from "../runtime-api/api-server.ts";
import type { ApiRequest, ApiResponse } from "../runtime-api/exchange.ts";
import { header, reply, replyError, replyNotFound } from "../runtime-api/replies.ts";
import { BodyCollector, readBody } from "../runtime-api/request-body.ts";
import type { Extensions, Refusal } from "./extensions.ts";

const MAX_BODY_BYTES = 1024 * 1024;

export interface ExtensionsApiOptions {
  readonly spec: FunctionSpec;
  readonly extensions: Extensions;
  readonly newId: () => string;
}

/** The Extensions API 2020-01-01. */
export class ExtensionsApi implements Api {
  readonly #options: ExtensionsApiOptions;

  constructor(options: ExtensionsApiOptions) {
    this.#options = options;
  }

  handle(request: ApiRequest, response: ApiResponse, path: readonly string[]): void {
    const route = `${request.method} /${path.join("/")}`;
    switch (route) {
      case "POST /extension/register":
        readText(request, (body) => this.#register(request, response, body));
        return;
      case "GET /extension/event/next":
        this.#next(request, response);
        return;
      case "POST /extension/init/error":
        readText(request, () => this.#fail(request, response, "initError"));
        return;
      case "POST /extension/exit/error":
        readText(request, () => this.#fail(request, response, "exitError"));
        return;
      default:
        request.resume();
        replyNotFound(response);
    }
  }

  #register(request: ApiRequest, response: ApiResponse, body: string): void {
    const name = header(request, "lambda-extension-name") ?? "";
    if (name === "") {
      forbid(response, { errorType: "Extension.InvalidExtensionName", errorMessage: "Empty extension name" });
      return;
    }
    const events = subscriptions(body);
    const registered =
      typeof events === "string" ? refuseFormat(events) : this.#options.extensions.register(name, events);
    if (typeof registered !== "string") {
      forbid(response, registered);
      return;
    }
    const { functionName, version, handler, accountId } = this.#options.spec;
    const features = (header(request, "lambda-extension-accept-feature") ?? "").split(",").map((one) => one.trim());
    const described = {
      functionName,
      functionVersion: version,
      handler,
      ...(features.includes("accountId") && accountId !== undefined ? { accountId } : {}),
    };
    const identifier = { "Lambda-Extension-Identifier": registered };
    reply(response, 200, "application/json", JSON.stringify(described), identifier);
  }

  #next(request: ApiRequest, response: ApiResponse): void {
    const id = identifierOf(request);
    if (typeof id !== "string") {
      forbid(response, id);
      return;
    }
    const parked = this.#options.extensions.next(id, (event) => {
      const headers = { "Lambda-Extension-Event-Identifier": this.#options.newId() };
      reply(response, 200, "application/json", JSON.stringify(event), headers);
    });
    if (typeof parked === "function") {
      response.on("close", parked);
    } else {
      forbid(response, parked);
    }
  }

  #fail(request: ApiRequest, response: ApiResponse, action: "initError" | "exitError"): void {
    const id = identifierOf(request);
    const errorType = header(request, "lambda-extension-function-error-type") ?? "";
    if (typeof id !== "string") {
      forbid(response, id);
    } else if (errorType === "") {
      const errorMessage = "Lambda-Extension-Function-Error-Type not found";
      forbid(response, { errorType: "Extension.MissingHeader", errorMessage });
    } else {
      // First the reply: what follows may end the one who waits for it.
      const refused = this.#options.extensions.fail(id, action, errorType);
      if (refused === undefined) {
        reply(response, 202, "application/json", '{"status":"OK"}\n');
      } else {
        forbid(response, refused);
      }
    }
  }
}

/** The identifier of the extension that calls, or why there is none. Its form is checked before anything else. */
export function identifierOf(request: ApiRequest): string | Refusal {
  const id = header(request, "lambda-extension-identifier") ?? "";
  if (id === "") {
    const errorMessage = "Missing Lambda-Extension-Identifier header";
    return { errorType: "Extension.MissingExtensionIdentifier", errorMessage };
  }
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)
    ? id
    : { errorType: "Extension.InvalidExtensionIdentifier", errorMessage: "Invalid Lambda-Extension-Identifier" };
}

export function forbid(response: ApiResponse, refusal: Refusal): void {
  replyError(response, { status: 403, ...refusal });
}

export function readText(request: ApiRequest, done: (body: string) => void): void {
  const body = new BodyCollector();
  readBody(request, body, MAX_BODY_BYTES, () => done(Buffer.from(body.bytes()).toString("utf8")));
}

/** The events that a registration names, or what is wrong with it. */
function subscriptions(body: string): readonly string[] | string {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    return "the body must be an object";
  }
  if ("configurationKeys" in parsed && Array.isArray(parsed.configurationKeys) && parsed.configurationKeys.length > 0) {
    return "configurationKeys are deprecated; use environment variables instead";
  }
  if (!("events" in parsed) || parsed.events === null) return [];
  const { events } = parsed;
  return Array.isArray(events) && events.every((event) => typeof event === "string")
    ? events
    : "events must be an array of strings";
}

function refuseFormat(errorMessage: string): Refusal {
  return { errorType: "InvalidRequestFormat", errorMessage };
}
