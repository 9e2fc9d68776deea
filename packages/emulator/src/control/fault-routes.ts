import type { FaultRule } from "@localemu/control";
import { badRequest } from "./control-error.ts";
import type { JsonBody } from "./json-body.ts";
import type { HasOperation } from "./routes.ts";

const members = ["operation", "caller", "probability", "times", "error", "message", "statusCode", "latencyMs"];

/** Reads a rule of faults. Throws ControlError for a member that it cannot have, and for operations that AWS does not have. */
export async function faultRule(body: JsonBody, hasOperation: HasOperation): Promise<FaultRule> {
  for (const name of Object.keys(body.members)) {
    if (!members.includes(name)) throw badRequest(`a fault has no ${name}; it has ${members.join(", ")}`);
  }
  const operation = body.string("operation");
  if (operation === undefined) throw badRequest("operation is missing, such as kinesis:PutRecords");
  await assertOperation(operation, hasOperation);
  const caller = body.string("caller");
  if (caller !== undefined && caller !== "client" && caller !== "mapping" && caller !== "event") {
    throw badRequest(`caller must be client, mapping or event, not ${JSON.stringify(caller)}`);
  }
  const probability = within(body.number("probability"), "probability", 0, 1);
  const times = whole(within(body.number("times"), "times", 1, Infinity), "times");
  const latencyMs = within(body.number("latencyMs"), "latencyMs", 0, Infinity);
  const statusCode = whole(within(body.number("statusCode"), "statusCode", 400, 599), "statusCode");
  const error = body.string("error");
  if (error !== undefined && !/^[\w.]+$/.test(error))
    throw badRequest(`error must be a code, not ${JSON.stringify(error)}`);
  const message = body.string("message");
  if (error === undefined && latencyMs === undefined) throw badRequest("a fault needs an error or a latencyMs");
  return {
    operation,
    ...(caller !== undefined && { caller }),
    ...(probability !== undefined && { probability }),
    ...(times !== undefined && { times }),
    ...(error !== undefined && { error }),
    ...(message !== undefined && { message }),
    ...(statusCode !== undefined && { statusCode }),
    ...(latencyMs !== undefined && { latencyMs }),
  };
}

async function assertOperation(text: string, hasOperation: HasOperation): Promise<void> {
  const [, service = "", operation = ""] = /^([a-z0-9]+):(\*|[A-Z]\w*)$/.exec(text) ?? [];
  if (service === "")
    throw badRequest(`operation must be like kinesis:PutRecords or kinesis:*, not ${JSON.stringify(text)}`);
  const known = await hasOperation(service, operation);
  if (known === undefined) throw badRequest(`operation: ${service} is not emulated, so that nothing of it could fail`);
  if (!known && operation !== "*") throw badRequest(`operation: ${service} has no ${operation}`);
}

function within(value: number | undefined, name: string, least: number, most: number): number | undefined {
  if (value === undefined || (value >= least && value <= most)) return value;
  const range = most === Infinity ? `at least ${least}` : `from ${least} to ${most}`;
  throw badRequest(`${name} must be ${range}, not ${value}`);
}

function whole(value: number | undefined, name: string): number | undefined {
  if (value === undefined || Number.isInteger(value)) return value;
  throw badRequest(`${name} must be a whole number, not ${value}`);
}
