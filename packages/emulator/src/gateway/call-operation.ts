import { DataError } from "../core/data-error.ts";
import { AwsError, toAwsError } from "../protocols/errors.ts";
import type { AnyOperations, CallContext } from "../protocols/operations.ts";
import type { Members } from "../protocols/protocol.ts";
import type { ServiceName } from "../protocols/service-models.ts";
import type { World } from "../world.ts";
import { keptFor } from "./kept-for.ts";

/**
 * The one way into a service's operations, for requests of AWS's protocols and for the control API: counts the call as
 * activity, lets it suffer its faults and tells its failure on the timeline. Throws AwsError; a bug of ours becomes InternalFailure.
 */
export async function callOperation(
  world: World,
  service: ServiceName,
  operations: AnyOperations,
  name: string,
  input: Members,
  call: CallContext,
): Promise<Members> {
  const token = world.activity.begin(`${service}:${name}`);
  try {
    const operation = operations.find(name);
    if (operation === undefined) throw notImplemented(name, operations.declined(name));
    const authorization = world.services.authorization();
    const denied = authorization && (await authorization).refusalOfCall(service, name, input, call);
    if (denied !== undefined) throw denied;
    const fault = world.faults.any ? await world.faults.suffer(service, name, "client") : undefined;
    if (fault !== undefined) {
      const refused = operations.refused?.(name, input, fault);
      if (refused === undefined) throw fault;
      return isMembers(refused) ? refused : {};
    }
    const output = await keptFor(world, () => operation(input, call));
    return isMembers(output) ? output : {};
  } catch (thrown) {
    const error = toAwsError(thrown);
    // A full disk is no bug, and was told of when it was found.
    if (error !== thrown && !(thrown instanceof DataError)) world.reportInternalError(`${service}:${name}`, thrown);
    const { code, message } = error;
    const reason = error === thrown && error.cause instanceof Error ? { reason: error.cause.message } : {};
    world.timeline.append({ type: "call.failed", service, operation: name, code, message, ...reason });
    throw error;
  } finally {
    token.release();
  }
}

/** What AWS has and LocalEmu has not. */
function notImplemented(what: string, reason: string | undefined): AwsError {
  const because = reason === undefined ? "" : ` (${reason})`;
  return new AwsError("NotImplementedException", `not implemented by LocalEmu: ${what}${because}`, { statusCode: 501 });
}

function isMembers(output: unknown): output is Members {
  return typeof output === "object" && output !== null;
}
