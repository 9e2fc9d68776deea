import { isWorldKey } from "../core/access-keys.ts";
import type { Ids } from "../core/ids.ts";
import { credentialScope } from "../protocols/credential-scope.ts";
import type { CredentialScope } from "../protocols/credential-scope.ts";
import { headersOf } from "../protocols/http-messages.ts";
import type { HttpReply, HttpRequest } from "../protocols/http-messages.ts";
import type { World } from "../world.ts";
import type { Worlds } from "../worlds.ts";
import { pageOf, refusalOf } from "./access.ts";
import type { AccessRules } from "./access.ts";
import { Call } from "./call.ts";
import { sendControlError } from "./control-gateway.ts";
import type { ControlGateway } from "./control-gateway.ts";
import { functionUrlOf } from "./function-url-address.ts";
import type { FunctionUrlTarget } from "./function-url-address.ts";
import type { FunctionUrlGateway } from "./function-url-gateway.ts";
import type { Incoming, Outgoing, Scheme } from "./listener.ts";
import { runtimeCallOf, serveRuntimeCall } from "./runtime-gateway.ts";
import { corsHeaders, plainError, preflightReply } from "./plain-error.ts";
import { cut, send } from "./reply.ts";
import { BodyTooLargeError, bodyChunks, ClientGoneError, largestBody, readBody } from "./request-body.ts";
import type { ServiceGateway } from "./service-gateway.ts";
import { serviceOf } from "./service-of.ts";
import type { EmulatedService } from "./service-of.ts";
import type { SignatureRefusal } from "./signature-refusal.ts";
import { splitWorldPrefix, worldPrefix } from "./world-prefix.ts";

export interface GatewayOptions {
  readonly worlds: Worlds;
  readonly rules: AccessRules;
  readonly ids: Ids;
  /** Region of a request that names none. */
  readonly region: string;
  /** The world that the body of a request for SQS names: clients send it to the queue's origin, without the path. */
  readonly worldOfQueueUrl: (body: Buffer) => string | undefined;
  readonly services: ServiceGateway;
  readonly control: ControlGateway;
  /** Loaded with the first request to a function URL. */
  readonly functionUrls: () => Promise<FunctionUrlGateway>;
  /** Why the signature of a request is refused; absent where signatures are not verified. */
  readonly verify?:
    | ((service: EmulatedService, request: HttpRequest) => Promise<SignatureRefusal | undefined>)
    | undefined;
  /** Called with the host of a request before it is served; may make the server reachable under it. */
  readonly addressedAs: (host: string, scheme: Scheme) => Promise<void> | undefined;
}

/** Ends the handling of a request with an error that no service makes. */
class Refused extends Error {
  readonly status: number;
  readonly code: string;
  /** Whose errors the caller can read, by the name in its signature. */
  readonly signingName: string | undefined;

  constructor(status: number, code: string, message: string, scope?: Pick<CredentialScope, "service">) {
    super(message);
    this.status = status;
    this.code = code;
    this.signingName = scope?.service;
  }
}

/** Takes a request of either HTTP version to its world and service, or to the control API, and answers it. */
export class Gateway {
  readonly #options: GatewayOptions;
  #stopping = false;

  constructor(options: GatewayOptions) {
    this.#options = options;
  }

  /** Whether callers are refused since the server is about to end. */
  get stopping(): boolean {
    return this.#stopping;
  }

  /** Takes nothing new on from now: functions that still run can call, and the control API answers. */
  refuseCallers(): void {
    this.#stopping = true;
  }

  handle(incoming: Incoming, outgoing: Outgoing, scheme: Scheme): void {
    this.#serve(incoming, outgoing, scheme).catch((error: unknown) => {
      if (error instanceof ClientGoneError) return;
      if (outgoing.writableEnded) return;
      if (outgoing.headersSent) return cut(outgoing);
      const { status, code, message, signingName } = refusalFor(error, this.#options.worlds.default);
      const { path } = splitWorldPrefix(incoming.url ?? "/");
      if (this.#options.control.serves(path)) return sendControlError(outgoing, { status, code, message });
      void send(outgoing, plainError(status, code, message, signingName));
    });
  }

  async #serve(incoming: Incoming, outgoing: Outgoing, scheme: Scheme): Promise<void> {
    const { url = "/" } = incoming;
    const queryAt = url.indexOf("?");
    const query = queryAt === -1 ? "" : url.slice(queryAt + 1);
    const path = queryAt === -1 ? url : url.slice(0, queryAt);
    const prefixed = splitWorldPrefix(path);
    const headers = headersOf(incoming.headers);
    const host = headers[":authority"] ?? headers["host"];
    // First of all: the page that calls it, the path and the signature are its function's.
    const functionUrl = functionUrlOf(host, path, prefixed);
    if (functionUrl !== undefined) {
      if (this.#stopping) throw stopping(undefined);
      return this.#callFunctionUrl(functionUrl, incoming, outgoing, { scheme, host, query });
    }
    const scope = credentialScope({ headers, query });
    const page = pageOf(headers);
    const refusal = refusalOf(host, page, this.#options.rules);
    if (refusal !== undefined && !this.#options.control.isPublic(prefixed.path)) {
      throw new Refused(403, refusal.code, refusal.message, scope);
    }
    if (host !== undefined) await this.#options.addressedAs(host, scheme);

    const request = { method: incoming.method ?? "GET", path: prefixed.path, query, headers };
    const from = { prefix: prefixed.world, scope, sentPath: path };
    if (page !== undefined && refusal === undefined) {
      if (request.method === "OPTIONS") return await send(outgoing, preflightReply(headers));
      // Before anything is known of the reply, so that errors are readable too.
      for (const [name, value] of Object.entries(corsHeaders)) outgoing.setHeader(name, value);
    }
    const origin = `${scheme}://${host ?? "127.0.0.1"}`;
    const runtimeCall = runtimeCallOf(request.path);
    if (runtimeCall !== undefined) {
      return serveRuntimeCall(this.#world(prefixed.world, scope), runtimeCall, incoming, outgoing);
    }
    if (this.#options.control.serves(request.path)) {
      const world = this.#world(prefixed.world, scope);
      const body = await readBody(incoming, largestBody);
      return this.#options.control.serve({ ...request, body }, outgoing, origin, world);
    }
    const reply = await this.#callService(request, incoming, outgoing, { ...from, origin });
    await send(outgoing, reply);
  }

  async #callFunctionUrl(
    url: FunctionUrlTarget,
    incoming: Incoming,
    outgoing: Outgoing,
    { scheme, host, query }: { readonly scheme: Scheme; readonly host: string | undefined; readonly query: string },
  ): Promise<void> {
    const refusal = refusalOf(host, undefined, this.#options.rules);
    if (refusal !== undefined) throw new Refused(403, refusal.code, refusal.message);
    if (host !== undefined) await this.#options.addressedAs(host, scheme);
    const scope = credentialScope({ headers: headersOf(incoming.headers), query });
    const world = url.world === undefined ? undefined : this.#world(url.world, undefined);
    const from = { scheme, host, query, accessKeyId: scope?.accessKeyId };
    const functionUrls = await this.#options.functionUrls();
    return functionUrls.serve({ ...url, world }, incoming, outgoing, from);
  }

  async #callService(
    request: Omit<HttpRequest, "body">,
    incoming: Incoming,
    outgoing: Outgoing,
    from: {
      readonly prefix: string | undefined;
      readonly scope: CredentialScope | undefined;
      /** With the prefix: it is signed. */
      readonly sentPath: string;
      readonly origin: string;
    },
  ): Promise<HttpReply> {
    const { scope } = from;
    const found = serviceOf(request, scope?.service);
    if ("unknown" in found) {
      const message = `not implemented by LocalEmu: the service ${found.unknown}`;
      throw new Refused(501, "NotImplementedException", message);
    }
    const { service, link } = found;
    const { services, worlds } = this.#options;
    const { observer } = worlds.default;
    const verify = async (body: Buffer): Promise<void> => {
      if (link !== undefined) return;
      const refusal = await this.#options.verify?.(service, { ...request, path: from.sentPath, body });
      if (refusal !== undefined) throw new Refused(refusal.status, refusal.code, refusal.message, { service });
    };
    const caller = { ...from, region: scope?.region ?? link?.region ?? this.#options.region };
    const traceId = request.headers["x-amzn-trace-id"];
    const begun = observer.begin();
    let world: World | undefined;
    try {
      if (this.#stopping && !this.#isOfFunction(scope)) throw stopping(scope);
      if (service === "s3") {
        world = this.#world(from.prefix, scope);
        // Objects may be large: their bodies are read as they come.
        const body = await this.#objectBody(incoming, verify);
        const call = this.#call(world, caller, outgoing, traceId);
        return await services.answerMessaging(world, service, request, body, call);
      }
      const body = await readBody(incoming, largestBody).catch(async (error: unknown) => {
        const known = error instanceof BodyTooLargeError && service === "lambda";
        throw known ? await services.tooLarge(service, request, error) : error;
      });
      world = this.#world(from.prefix ?? (service === "sqs" ? this.#options.worldOfQueueUrl(body) : undefined), scope);
      await verify(body);
      const call = this.#call(world, caller, outgoing, traceId);
      if (service === "sqs" || service === "sns")
        return await services.answerMessaging(world, service, request, body, call);
      return await services.answer(world, service, { ...request, body }, call);
    } catch (error) {
      const refused = refusedOf(error);
      if (refused === undefined) throw error;
      // No service gets it, which would tell of it otherwise.
      const { status, code, message } = refused;
      world ??= this.#findWorld(from.prefix, scope);
      observer.called(world?.name ?? "unknown", { service, operation: "unknown", status, code }, begun);
      world?.timeline.append({ type: "call.failed", service, operation: "unknown", code, message });
      throw refused;
    }
  }

  /** What is signed is read whole first. */
  async #objectBody(
    incoming: Incoming,
    verify: (body: Buffer) => Promise<void>,
  ): Promise<Buffer | AsyncIterable<Uint8Array>> {
    if (this.#options.verify === undefined) return bodyChunks(incoming);
    const body = await readBody(incoming, Number.POSITIVE_INFINITY);
    await verify(body);
    return body;
  }

  #call(
    world: World,
    { scope, region, origin }: { scope: CredentialScope | undefined; region: string; origin: string },
    outgoing: Outgoing,
    traceId: string | undefined,
  ): Call {
    const members = {
      region,
      requestId: this.#options.ids.uuid(),
      accessKeyId: scope?.accessKeyId ?? world.credentials.accessKeyId,
      origin: origin + worldPrefix(world.name),
      trace: { given: traceId },
    };
    return new Call(members, outgoing);
  }

  /** Whether a call is signed with credentials that a world has issued for what runs in it. */
  #isOfFunction(scope: CredentialScope | undefined): boolean {
    const world = scope && this.#options.worlds.byAccessKey(scope.accessKeyId);
    return world !== undefined && world.credentials.accessKeyId !== scope?.accessKeyId;
  }

  /** By path prefix (or the queue's URL), else by the access key that a world issued, else the default world. */
  #findWorld(name: string | undefined, scope: CredentialScope | undefined): World | undefined {
    const { worlds } = this.#options;
    if (name !== undefined) return worlds.find(name);
    return scope === undefined || !isWorldKey(scope.accessKeyId)
      ? worlds.default
      : worlds.byAccessKey(scope.accessKeyId);
  }

  #world(name: string | undefined, scope: CredentialScope | undefined): World {
    const world = this.#findWorld(name, scope);
    if (world !== undefined) return world;
    if (name !== undefined) {
      const message = `LocalEmu has no world ${JSON.stringify(name)}: it was never created, or its test file has ended`;
      throw new Refused(404, "UnknownWorldException", message, scope);
    }
    const message = `the access key ${scope?.accessKeyId} belongs to no world of this LocalEmu: its world was deleted or reset, or another emulator issued it`;
    throw new Refused(403, "UnrecognizedClientException", message, scope);
  }
}

function stopping(scope: CredentialScope | undefined): Refused {
  return new Refused(503, "ServiceUnavailable", "LocalEmu is stopping and takes nothing new on", scope);
}

function refusedOf(error: unknown): Refused | undefined {
  if (error instanceof BodyTooLargeError) return new Refused(413, "RequestEntityTooLargeException", error.message);
  return error instanceof Refused ? error : undefined;
}

function refusalFor(error: unknown, world: World): Refused {
  const refused = refusedOf(error);
  if (refused !== undefined) return refused;
  world.reportInternalError("gateway", error);
  return new Refused(500, "InternalFailure", "an internal error of LocalEmu; its timeline has the stack");
}
