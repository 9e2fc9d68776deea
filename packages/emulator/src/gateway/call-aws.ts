import { ControlError, badRequest } from "../control/control-error.ts";
import type { CallAws, HasOperation } from "../control/routes.ts";
import { accountId } from "../core/arns.ts";
import type { Ids } from "../core/ids.ts";
import { toAwsError } from "../protocols/errors.ts";
import type { CallContext } from "../protocols/operations.ts";
import { eventStreamOf } from "../protocols/event-stream-member.ts";
import type { ServiceModel, ServiceName } from "../protocols/service-models.ts";
import type { World } from "../world.ts";
import { callOperation } from "./call-operation.ts";

const modelled: readonly ServiceName[] = ["iam", "kinesis", "lambda", "logs", "sts", "dynamodb", "dynamodbstreams"];
const messagingServices = ["sqs", "sns", "s3"] as const;

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
    const messaging = messagingServices.find((candidate) => candidate === service);
    if (messaging !== undefined) {
      const { callMessaging } = await import("./call-messaging.ts");
      return callMessaging(world, messaging, operation, body, call);
    }
    const name = modelled.find((candidate) => candidate === service);
    if (name === undefined) {
      const known = [...modelled, ...messagingServices].join(", ");
      throw badRequest(`operations of ${service} cannot be called here; there are ${known}`);
    }
    return callModelled(world, await models(name), operation, body, call);
  };
}

/** Whether a service has an operation. */
export function createHasOperation(models: (service: ServiceName) => Promise<ServiceModel>): HasOperation {
  return async (service, operation) => {
    const messaging = messagingServices.find((candidate) => candidate === service);
    if (messaging !== undefined) {
      const { messagingOperations } = await import("../protocols/messaging-operations.ts");
      return messagingOperations[messaging].has(operation);
    }
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
  const begun = world.observer.begin();
  const ended = (status: number, code?: string): void =>
    world.observer.called(world.name, { service: model.name, operation: name, status, code }, begun);
  try {
    const operations = await world.services.operations(model.name);
    const declined = operations.find(name) === undefined;
    const input = declined ? {} : model.readDocument(operation, body);
    if (!declined) model.checkInput(operation, input);
    const output = await callOperation(world, model.name, operations, name, input, call);
    const document = model.writeDocument(operation, output);
    ended(200);
    return document;
  } catch (thrown) {
    const error = toAwsError(thrown);
    const status = error.statusCode ?? model.schema.errors.get(error.code)?.status ?? (error === thrown ? 400 : 500);
    ended(status, error.code);
    if (error !== thrown) throw thrown;
    throw new ControlError(status, error.code, error.message);
  }
}
