import { DataError } from "../core/data-error.ts";
import type { Ids } from "../core/ids.ts";
import { authenticationProblem } from "../protocols/authentication-problem.ts";
import { AwsError, toAwsError } from "../protocols/errors.ts";
import type { HttpReply, HttpRequest } from "../protocols/http-messages.ts";
import type { CallContext } from "../protocols/operations.ts";
import type { Members } from "../protocols/protocol.ts";
import { eventStreamOf } from "../protocols/event-stream-member.ts";
import type { OperationSchema } from "../protocols/schema-registry.ts";
import type { ServiceModel, ServiceName } from "../protocols/service-models.ts";
import type { World } from "../world.ts";
import { callOperation } from "./call-operation.ts";
import { keptFor } from "./kept-for.ts";
import { plainError } from "./plain-error.ts";
import { refusedKinesisRequest } from "./kinesis-request.ts";
import { BodyTooLargeError, largestBody } from "./request-body.ts";
import type { MessagingService } from "./service-of.ts";

/** Answers requests of AWS's protocols: bytes to typed input, the operation, typed output to bytes. */
export class ServiceGateway {
  readonly #models: (service: ServiceName) => Promise<ServiceModel>;
  readonly #ids: Ids;

  constructor(models: (service: ServiceName) => Promise<ServiceModel>, ids: Ids) {
    this.#models = models;
    this.#ids = ids;
  }

  /** Queues, topics and buckets are served by a library that speaks their protocols itself. */
  async answerMessaging(
    world: World,
    service: MessagingService,
    request: Omit<HttpRequest, "body">,
    body: Buffer | AsyncIterable<Uint8Array>,
    call: CallContext,
  ): Promise<HttpReply> {
    const { method, path, query, headers } = request;
    const messaging = await world.services.messaging();
    const url = query === "" ? path : `${path}?${query}`;
    const begun = world.observer.begin();
    let operation = "unknown";
    const ended = (status: number, code: string | undefined): void =>
      world.observer.called(world.name, { service, operation, status, code }, begun);
    try {
      const reply = await keptFor(world, async () => {
        const handled = await messaging.handle(service, { method, url, headers, body }, call);
        operation = handled.operation ?? operation;
        return handled;
      });
      ended(reply.status, reply.code);
      return { status: reply.status, headers: messagingHeaders(reply.headers, reply.body), body: reply.body };
    } catch (error) {
      if (!(error instanceof DataError)) throw error;
      ended(500, "InternalFailure");
      return plainError(500, "InternalFailure", error.message, service);
    }
  }

  async answer(world: World, service: ServiceName, request: HttpRequest, call: CallContext): Promise<HttpReply> {
    const model = await this.#models(service);
    const reply = await this.#answerModelled(world, model, request, call);
    // AWS: Kinesis sends a second, opaque id of 64 to 80 bytes (kinesalite's suite).
    if (service === "kinesis") reply.headers["x-amz-id-2"] = this.#ids.bytes(72).toString("base64");
    // AWS: replies to Invoke tell the trace (recorded on AWS).
    if (call.trace?.told !== undefined) reply.headers["X-Amzn-Trace-Id"] = call.trace.told;
    return reply;
  }

  /** The error of a body that is too large, for a service that names the operation. AWS: Lambda does (recorded on AWS). */
  async tooLarge(
    service: ServiceName,
    request: Omit<HttpRequest, "body">,
    error: BodyTooLargeError,
  ): Promise<BodyTooLargeError> {
    const { protocol } = await this.#models(service);
    const route = protocol.route({ ...request, body: Buffer.alloc(0) });
    if (route === undefined) return error;
    return new BodyTooLargeError(
      `Request must be smaller than ${largestBody} bytes for the ${route.operation.name} operation`,
    );
  }

  async #answerModelled(
    world: World,
    model: ServiceModel,
    request: HttpRequest,
    call: CallContext,
  ): Promise<HttpReply> {
    const begun = world.observer.begin();
    let name = "unknown";
    const ended = (reply: HttpReply, code?: string): HttpReply => {
      const { status } = reply;
      world.observer.called(world.name, { service: model.name, operation: name, status, code }, begun);
      return reply;
    };
    if (model.name === "kinesis") {
      const refused = refusedKinesisRequest(request, call.requestId);
      if (refused !== undefined) return ended(refused);
    }
    const protocol = (await model.otherProtocol?.(request.headers)) ?? model.protocol;
    try {
      const route = protocol.route(request);
      const problem =
        route === undefined ? unknownOperation(model.name, request) : signatureProblem(model.name, request);
      if (route === undefined || problem !== undefined) {
        // AWS: Kinesis tells first of a body that is no document (kinesalite's suite).
        if (route !== undefined || request.body.length > 0) protocol.assertDocument?.(request.body);
        throw problem;
      }
      const { operation } = route;
      name = operation.name;
      const operations = await world.services.operations(model.name);
      // What is declined is told whatever the input: nobody should have to mend theirs first to learn it.
      const declined = operations.find(operation.name) === undefined;
      const input = declined ? {} : protocol.decode(route, request);
      if (!declined) model.checkInput(operation, input);
      const output = await callOperation(world, model.name, operations, operation.name, input, call);
      return ended(protocol.encode(operation, withBugsReported(operation, output, world), call));
    } catch (thrown) {
      const error = toAwsError(thrown);
      // What callOperation let through is told already; a bug in a protocol is told here.
      if (error !== thrown) world.reportInternalError(`protocol of ${model.name}`, thrown);
      return ended(protocol.encodeError(error, call), error.code);
    }
  }
}

/** The output of an operation, with its events, where it has a stream of them, told of on the timeline if a bug ends them. */
function withBugsReported(operation: OperationSchema, output: Members, world: World): Members {
  const name = eventStreamOf(operation)?.name;
  const events = name === undefined ? undefined : output[name];
  if (name === undefined || !isIterable(events)) return output;
  const reporting = async function* (): AsyncGenerator {
    try {
      yield* events;
    } catch (thrown) {
      if (toAwsError(thrown) !== thrown) world.reportInternalError(`events of ${operation.name}`, thrown);
      throw thrown;
    }
  };
  return { ...output, [name]: reporting() };
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === "object" && value !== null && Symbol.asyncIterator in value;
}

function signatureProblem(service: ServiceName, request: HttpRequest): AwsError | undefined {
  return service === "kinesis" ? authenticationProblem(request) : undefined;
}

/** The length of a body is written where the body is: said twice, in different cases, clients refuse the reply. */
function messagingHeaders(headers: Readonly<Record<string, string>>, body: HttpReply["body"]): Record<string, string> {
  if (body === undefined) return { ...headers };
  return Object.fromEntries(Object.entries(headers).filter(([name]) => name.toLowerCase() !== "content-length"));
}

/** AWS: no message (kinesalite's suite). A REST service has no name for what its paths do not lead to. */
function unknownOperation(service: ServiceName, request: HttpRequest): AwsError {
  if (service !== "lambda" && service !== "sts")
    return new AwsError("UnknownOperationException", "", { statusCode: 400 });
  const message = `${service} has no operation at ${request.method} ${request.path}`;
  return new AwsError("UnknownOperationException", message, { statusCode: 404 });
}
