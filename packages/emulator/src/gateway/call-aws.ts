import { ControlError, badRequest } from "../control/control-error.ts";
import type { CallAws, HasOperation } from "../control/routes.ts";
import { accountId } from "../core/arns.ts";
import type { Ids } from "../core/ids.ts";
import { toAwsError } from "../protocols/errors.ts";
import { messagingOperations } from "../protocols/messaging-operations.ts";
import type { CallContext } from "../protocols/operations.ts";
import { eventStreamOf } from "../protocols/rpc-protocol.ts";
import type { ServiceModel, ServiceName } from "../protocols/service-models.ts";
import type { World } from "../world.ts";
import { callOperation } from "./call-operation.ts";

const modelled: readonly ServiceName[] = ["kinesis", "lambda", "logs", "sts"];

/** Calls an operation for the control API: JSON in and out, whatever protocol the service speaks. */
export function createCallAws(models: (service: ServiceName) => Promise<ServiceModel>, ids: Ids): CallAws {
  return async (world, service, operation, body, { region, origin, signal }) => {
    const call: CallContext = {
      region,
      accountId,
      requestId: ids.uuid(),
      accessKeyId: world.credentials.accessKeyId,
      origin,
      signal,
    };
    if (service === "sqs") return callQueues(world, operation, body, call);
    const name = modelled.find((candidate) => candidate === service);
    if (name === undefined) {
      throw badRequest(`operations of ${service} cannot be called here; there are ${[...modelled, "sqs"].join(", ")}`);
    }
    return callModelled(world, await models(name), operation, body, call);
  };
}

/** Whether a service has an operation. */
export function createHasOperation(models: (service: ServiceName) => Promise<ServiceModel>): HasOperation {
  return async (service, operation) => {
    if (service === "sqs" || service === "sns" || service === "s3") return messagingOperations[service].has(operation);
    const name = modelled.find((candidate) => candidate === service);
    return name && (await models(name)).schema.operations.has(operation);
  };
}

async function callModelled(
  world: World,
  model: ServiceModel,
  name: string,
  body: Buffer,
  call: CallContext,
): Promise<string> {
  const operation = model.schema.operations.get(name);
  if (operation === undefined) throw badRequest(`${model.name} has no operation ${name}`);
  if (eventStreamOf(operation) !== undefined) {
    throw badRequest(`${name} answers with a stream of events: call it through an SDK`);
  }
  try {
    const operations = await world.services.operations(model.name);
    const declined = operations.find(name) === undefined;
    const input = declined ? {} : model.readDocument(operation, body);
    if (!declined) model.checkInput(operation, input);
    return model.writeDocument(operation, await callOperation(world, model.name, operations, name, input, call));
  } catch (thrown) {
    const error = toAwsError(thrown);
    if (error !== thrown) throw thrown;
    throw new ControlError(
      error.statusCode ?? model.schema.errors.get(error.code)?.status ?? 400,
      error.code,
      error.message,
    );
  }
}

/** SQS speaks JSON by itself. */
async function callQueues(world: World, operation: string, body: Buffer, call: CallContext): Promise<string> {
  const messaging = await world.services.messaging();
  const headers = { "content-type": "application/x-amz-json-1.0", "x-amz-target": `AmazonSQS.${operation}` };
  const reply = await messaging.handle("sqs", { method: "POST", url: "/", headers, body }, call);
  const text = reply.body?.toString() ?? "";
  if (reply.status < 400) return text === "" ? "{}" : text;
  const { code, message } = errorOf(text);
  throw new ControlError(reply.status, code, message);
}

/** AWS: the code may have a namespace before it. */
function errorOf(text: string): { readonly code: string; readonly message: string } {
  const value: unknown = JSON.parse(text);
  const member = (name: string): string => {
    const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
    return typeof found === "string" ? found : "";
  };
  return { code: member("__type").replace(/^.*#/, ""), message: member("message") };
}
