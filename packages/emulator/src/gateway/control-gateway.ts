import { DataError } from "../core/data-error.ts";
import { ControlError } from "../control/control-error.ts";
import { answerControl } from "../control/routes.ts";
import type { ControlRequest } from "../control/routes.ts";
import type { HttpRequest } from "../protocols/http-messages.ts";
import type { World } from "../world.ts";
import type { Outgoing } from "./listener.ts";
import { sendJson } from "./reply.ts";
import { emulatedServices } from "./service-of.ts";

const prefix = "/_localemu/";

/** What scripts for LocalStack wait for. */
const localStackHealth = "/_localstack/health";

export type ControlGatewayOptions = Pick<
  ControlRequest,
  "worlds" | "version" | "server" | "callAws" | "hasOperation" | "caPem"
>;

/** Answers requests under `/_localemu/`, and LocalStack's question for health. */
export class ControlGateway {
  readonly #options: ControlGatewayOptions;

  constructor(options: ControlGatewayOptions) {
    this.#options = options;
  }

  serves(path: string): boolean {
    return path.startsWith(prefix) || path === localStackHealth;
  }

  /** Whether whoever asks may have the answer, from whatever page and under whatever name. */
  isPublic(path: string): boolean {
    return path === `${prefix}health` || path.startsWith(`${prefix}health/`) || path === localStackHealth;
  }

  async serve(request: HttpRequest, response: Outgoing, origin: string, world: World): Promise<void> {
    if (request.path === localStackHealth) return sendJson(response, 200, this.#localStackHealth());
    try {
      const answer = await answerControl({
        method: request.method,
        path: request.path.slice(prefix.length).split("/").map(decode),
        query: new URLSearchParams(request.query),
        headers: request.headers,
        body: request.body,
        response,
        origin,
        world,
        ...this.#options,
      });
      if (answer !== undefined) sendJson(response, 200, answer);
    } catch (error) {
      sendControlError(response, asControlError(error, world));
    }
  }

  /** In lines, since scripts look for texts such as `"kinesis": "running"`. */
  #localStackHealth(): string {
    const services = Object.fromEntries(emulatedServices.map((service) => [service, "running"]));
    return JSON.stringify({ services, edition: "localemu", version: this.#options.version }, undefined, 1);
  }
}

type ControlFailure = Pick<ControlError, "status" | "code" | "message">;

export function sendControlError(response: Outgoing, { status, code, message }: ControlFailure): void {
  sendJson(response, status, { error: { code, message } });
}

function asControlError(error: unknown, world: World): ControlFailure {
  if (error instanceof ControlError) return error;
  if (!(error instanceof DataError)) world.reportInternalError("control", error);
  const message = error instanceof Error ? error.message : String(error);
  return { status: 500, code: "InternalFailure", message };
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
