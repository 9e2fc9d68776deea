import type * as sdk from "@aws-sdk/client-lambda";
import type { OperationsOf } from "../../protocols/operations.ts";

const permissions = "use AddPermission, RemovePermission and GetPolicy";
const signing = "code is not signed or verified here";
const provisioned = "functions do not run on capacity providers";
const deprecated = "use Invoke with InvocationType Event";
const durable = "durable executions are not offered";
const capacity = "functions run as processes or containers of this machine; there are no capacity providers";

/** Operations that are declined, each with its reason. */
export const notImplemented = {
  CheckpointDurableExecution: durable,
  CreateCapacityProvider: capacity,
  CreateCodeSigningConfig: signing,
  DeleteCapacityProvider: capacity,
  DeleteCodeSigningConfig: signing,
  DeleteFunctionCodeSigningConfig: signing,
  DeleteResourcePolicy: permissions,
  GetCapacityProvider: capacity,
  GetDurableExecution: durable,
  GetDurableExecutionHistory: durable,
  GetDurableExecutionState: durable,
  GetFunctionScalingConfig: provisioned,
  GetResourcePolicy: permissions,
  InvokeAsync: deprecated,
  ListCapacityProviders: capacity,
  ListDurableExecutionsByFunction: durable,
  ListFunctionVersionsByCapacityProvider: capacity,
  PutFunctionCodeSigningConfig: signing,
  PutFunctionScalingConfig: provisioned,
  PutResourcePolicy: permissions,
  SendDurableExecutionCallbackFailure: durable,
  SendDurableExecutionCallbackHeartbeat: durable,
  SendDurableExecutionCallbackSuccess: durable,
  StopDurableExecution: durable,
  UpdateCapacityProvider: capacity,
  UpdateCodeSigningConfig: signing,
} as const satisfies Partial<Record<keyof OperationsOf<typeof sdk>, string>>;
