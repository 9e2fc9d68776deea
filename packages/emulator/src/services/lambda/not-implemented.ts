import type * as sdk from "@aws-sdk/client-lambda";
import type { OperationsOf } from "../../protocols/operations.ts";

const layers = "function code comes in one zip; put what a layer has into it";
const permissions = "calls are not authorized here, so there are no policies";
const signing = "code is not signed or verified here";
const provisioned = "environments start when they are needed; none is provisioned";
const deprecated = "use Invoke with InvocationType Event";
const durable = "durable executions are not offered";
const capacity = "functions run as processes of this machine; there are no capacity providers";
const runtimes = "each runtime has one version here";
const recursion = "recursive loops are not detected";

/** Operations that are declined, each with its reason. */
export const notImplemented = {
  AddLayerVersionPermission: layers,
  AddPermission: permissions,
  CheckpointDurableExecution: durable,
  CreateCapacityProvider: capacity,
  CreateCodeSigningConfig: signing,
  DeleteCapacityProvider: capacity,
  DeleteCodeSigningConfig: signing,
  DeleteFunctionCodeSigningConfig: signing,
  DeleteLayerVersion: layers,
  DeleteProvisionedConcurrencyConfig: provisioned,
  DeleteResourcePolicy: permissions,
  GetCapacityProvider: capacity,
  GetCodeSigningConfig: signing,
  GetDurableExecution: durable,
  GetDurableExecutionHistory: durable,
  GetDurableExecutionState: durable,
  GetFunctionCodeSigningConfig: signing,
  GetFunctionRecursionConfig: recursion,
  GetFunctionScalingConfig: provisioned,
  GetLayerVersion: layers,
  GetLayerVersionByArn: layers,
  GetLayerVersionPolicy: layers,
  GetPolicy: permissions,
  GetProvisionedConcurrencyConfig: provisioned,
  GetResourcePolicy: permissions,
  GetRuntimeManagementConfig: runtimes,
  InvokeAsync: deprecated,
  ListCapacityProviders: capacity,
  ListCodeSigningConfigs: signing,
  ListDurableExecutionsByFunction: durable,
  ListFunctionVersionsByCapacityProvider: capacity,
  ListFunctionsByCodeSigningConfig: signing,
  ListLayerVersions: layers,
  ListLayers: layers,
  ListProvisionedConcurrencyConfigs: provisioned,
  PublishLayerVersion: layers,
  PutFunctionCodeSigningConfig: signing,
  PutFunctionRecursionConfig: recursion,
  PutFunctionScalingConfig: provisioned,
  PutProvisionedConcurrencyConfig: provisioned,
  PutResourcePolicy: permissions,
  PutRuntimeManagementConfig: runtimes,
  RemoveLayerVersionPermission: layers,
  RemovePermission: permissions,
  SendDurableExecutionCallbackFailure: durable,
  SendDurableExecutionCallbackHeartbeat: durable,
  SendDurableExecutionCallbackSuccess: durable,
  StopDurableExecution: durable,
  UpdateCapacityProvider: capacity,
  UpdateCodeSigningConfig: signing,
} as const satisfies Partial<Record<keyof OperationsOf<typeof sdk>, string>>;
