import type { Extensions } from "../extensions-api/extensions.ts";
import { forbid, identifierOf, readText } from "../extensions-api/extensions-api.ts";
import type { Api } from "../runtime-api/api-server.ts";
import type { ApiRequest, ApiResponse } from "../runtime-api/exchange.ts";
import { reply, replyError, replyNotFound } from "../runtime-api/replies.ts";
import { parseSubscription } from "./subscription.ts";
import type { Telemetry } from "./telemetry.ts";

/** The Telemetry API 2022-07-01. */
export class TelemetryApi implements Api {
  readonly #telemetry: Telemetry;
  readonly #extensions: Extensions;

  constructor(telemetry: Telemetry, extensions: Extensions) {
    this.#telemetry = telemetry;
    this.#extensions = extensions;
  }

  handle(request: ApiRequest, response: ApiResponse, path: readonly string[]): void {
    // AWS: the documentation writes the path with a slash at its end, its libraries without.
    if (request.method === "PUT" && (path.join("/") === "telemetry" || path.join("/") === "telemetry/")) {
      readText(request, (body) => this.#subscribe(request, response, body));
    } else {
      request.resume();
      replyNotFound(response);
    }
  }

  #subscribe(request: ApiRequest, response: ApiResponse, body: string): void {
    const id = identifierOf(request);
    if (typeof id !== "string") {
      forbid(response, id);
      return;
    }
    const name = this.#extensions.nameOf(id);
    if (name === undefined) {
      forbid(response, { errorType: "Extension.UnknownExtensionIdentifier", errorMessage: `Unknown extension ${id}` });
      return;
    }
    if (!this.#telemetry.open) {
      const errorMessage = "Telemetry API subscription is closed";
      forbid(response, { errorType: "Telemetry.SubscriptionClosed", errorMessage });
      return;
    }
    const subscription = parseSubscription(body, request.socket.remoteAddress ?? "127.0.0.1");
    if (typeof subscription === "string") {
      replyError(response, { status: 400, errorType: "ValidationError", errorMessage: subscription });
      return;
    }
    this.#telemetry.subscribe(name, subscription);
    reply(response, 200, "application/json", '"OK"');
  }
}

/**
 * The Logs API 2020-08-15, which the Telemetry API has replaced.
 * AWS: an answer that keeps extensions alive and tells them that nothing will come (Runtime Interface Emulator).
 */
export const LOGS_API: Api = {
  handle(request, response, path) {
    request.resume();
    if (request.method === "PUT" && path.join("/") === "logs") {
      const errorMessage = "Logs API is not supported";
      replyError(response, { status: 202, errorType: "Logs.NotSupported", errorMessage });
    } else {
      replyNotFound(response);
    }
  },
};
