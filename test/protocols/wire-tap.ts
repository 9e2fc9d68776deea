import { Readable } from "node:stream";
import { AwsError } from "../../packages/emulator/src/protocols/errors.ts";
import type { HttpReply, HttpRequest } from "../../packages/emulator/src/protocols/http-messages.ts";
import type { Members } from "../../packages/emulator/src/protocols/protocol.ts";
import type { ServiceModel } from "../../packages/emulator/src/protocols/service-models.ts";

/** The part of the SDK's requests that matters on the wire. */
interface SdkRequest {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>>;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Readable;
}

/** What one call of an SDK client was on its way through the protocol. */
export interface Call {
  readonly request: HttpRequest;
  readonly operation: string;
  readonly input: Members;
  readonly reply: HttpReply;
}

/** Put into an SDK client as its request handler: what it sends goes through the model's protocol, and back. */
export function wireTap(model: ServiceModel, operate: (operation: string, input: Members) => Members) {
  const calls: Call[] = [];
  const context = { requestId: "5f2a5b0c-0000-4000-8000-000000000001" };
  return {
    calls,
    client: {
      region: "eu-west-1",
      credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" },
      maxAttempts: 1,
      requestHandler: {
        async handle(sent: SdkRequest): Promise<{ response: SdkResponse }> {
          const request = await httpRequest(sent);
          const route = model.protocol.route(request);
          if (route === undefined) throw new Error(`no operation for ${request.method} ${request.path}`);
          const { operation } = route;
          const input = model.protocol.decode(route, request);
          const reply = answer(() => model.protocol.encode(operation, operate(operation.name, input), context));
          calls.push({ request, operation: operation.name, input, reply });
          return { response: sdkResponse(reply) };
        },
      },
    },
  };

  function answer(succeed: () => HttpReply): HttpReply {
    try {
      return succeed();
    } catch (error) {
      if (error instanceof AwsError) return model.protocol.encodeError(error, context);
      throw error;
    }
  }
}

async function httpRequest(sent: SdkRequest): Promise<HttpRequest> {
  const query = Object.entries(sent.query ?? {}).flatMap(([name, value]) =>
    [value].flat().map((each) => (each === null ? name : `${encodeURIComponent(name)}=${encodeURIComponent(each)}`)),
  );
  return {
    method: sent.method,
    path: sent.path,
    query: query.join("&"),
    headers: Object.fromEntries(Object.entries(sent.headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: await bytesOf(sent.body),
  };
}

async function bytesOf(body: unknown): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0);
  if (typeof body === "string") return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.concat([body]);
  if (body instanceof Readable) return Buffer.concat(await body.toArray());
  throw new TypeError("the SDK sent a body of an unknown kind");
}

function sdkResponse({ status, headers, body }: HttpReply): SdkResponse {
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const bytes = typeof body === "string" || body instanceof Uint8Array ? [Buffer.from(body)] : body;
  return { statusCode: status, headers: Object.fromEntries(lowerCase), body: Readable.from(bytes ?? []) };
}
