import type * as sdk from "@aws-sdk/client-lambda";
import type { CallContext, OperationsOf, ServiceImplementation } from "../../protocols/operations.ts";
import type { LambdaParts } from "./lambda-parts.ts";
import type { notImplemented } from "./not-implemented.ts";
import { addLayerVersionPermission } from "./operations/add-layer-version-permission.ts";
import { addPermission } from "./operations/add-permission.ts";
import { createAlias } from "./operations/create-alias.ts";
import { createFunction } from "./operations/create-function.ts";
import { createFunctionUrlConfig } from "./operations/create-function-url-config.ts";
import { deleteAlias } from "./operations/delete-alias.ts";
import { deleteFunction } from "./operations/delete-function.ts";
import { deleteFunctionConcurrency } from "./operations/delete-function-concurrency.ts";
import { deleteFunctionEventInvokeConfig } from "./operations/delete-function-event-invoke-config.ts";
import { deleteFunctionUrlConfig } from "./operations/delete-function-url-config.ts";
import { deleteLayerVersion } from "./operations/delete-layer-version.ts";
import { deleteProvisionedConcurrencyConfig } from "./operations/delete-provisioned-concurrency-config.ts";
import { getAccountSettings } from "./operations/get-account-settings.ts";
import { getAlias } from "./operations/get-alias.ts";
import { getCodeSigningConfig } from "./operations/get-code-signing-config.ts";
import { getFunction } from "./operations/get-function.ts";
import { getFunctionCodeSigningConfig } from "./operations/get-function-code-signing-config.ts";
import { getFunctionConcurrency } from "./operations/get-function-concurrency.ts";
import { getFunctionConfiguration } from "./operations/get-function-configuration.ts";
import { getFunctionEventInvokeConfig } from "./operations/get-function-event-invoke-config.ts";
import { getFunctionRecursionConfig } from "./operations/get-function-recursion-config.ts";
import { getFunctionUrlConfig } from "./operations/get-function-url-config.ts";
import { getLayerVersion } from "./operations/get-layer-version.ts";
import { getLayerVersionByArn } from "./operations/get-layer-version-by-arn.ts";
import { getLayerVersionPolicy } from "./operations/get-layer-version-policy.ts";
import { getPolicy } from "./operations/get-policy.ts";
import { getProvisionedConcurrencyConfig } from "./operations/get-provisioned-concurrency-config.ts";
import { getRuntimeManagementConfig } from "./operations/get-runtime-management-config.ts";
import { invoke } from "./operations/invoke.ts";
import { invokeWithResponseStream } from "./operations/invoke-with-response-stream.ts";
import { listAliases } from "./operations/list-aliases.ts";
import { listCodeSigningConfigs } from "./operations/list-code-signing-configs.ts";
import { listFunctionEventInvokeConfigs } from "./operations/list-function-event-invoke-configs.ts";
import { listFunctionsByCodeSigningConfig } from "./operations/list-functions-by-code-signing-config.ts";
import { listFunctionUrlConfigs } from "./operations/list-function-url-configs.ts";
import { listFunctions } from "./operations/list-functions.ts";
import { listLayerVersions } from "./operations/list-layer-versions.ts";
import { listLayers } from "./operations/list-layers.ts";
import { listProvisionedConcurrencyConfigs } from "./operations/list-provisioned-concurrency-configs.ts";
import { listVersionsByFunction } from "./operations/list-versions-by-function.ts";
import { publishLayerVersion } from "./operations/publish-layer-version.ts";
import { publishVersion } from "./operations/publish-version.ts";
import { putFunctionConcurrency } from "./operations/put-function-concurrency.ts";
import { putFunctionEventInvokeConfig } from "./operations/put-function-event-invoke-config.ts";
import { putFunctionRecursionConfig } from "./operations/put-function-recursion-config.ts";
import { putProvisionedConcurrencyConfig } from "./operations/put-provisioned-concurrency-config.ts";
import { putRuntimeManagementConfig } from "./operations/put-runtime-management-config.ts";
import { removeLayerVersionPermission } from "./operations/remove-layer-version-permission.ts";
import { removePermission } from "./operations/remove-permission.ts";
import { updateAlias } from "./operations/update-alias.ts";
import { updateFunctionCode } from "./operations/update-function-code.ts";
import { updateFunctionConfiguration } from "./operations/update-function-configuration.ts";
import { updateFunctionEventInvokeConfig } from "./operations/update-function-event-invoke-config.ts";
import { updateFunctionUrlConfig } from "./operations/update-function-url-config.ts";

type Client = typeof sdk;

/** Operations that are not on functions alone, and are made elsewhere. */
type OtherOperation = Extract<
  keyof OperationsOf<Client>,
  `${string}EventSourceMapping${string}` | "ListTags" | "TagResource" | "UntagResource"
>;

export interface FunctionOperations extends ServiceImplementation<
  Client,
  CallContext,
  keyof typeof notImplemented | OtherOperation | "Invoke" | "InvokeWithResponseStream"
> {
  /** The SDK's commands decorate payloads for their callers; on this side of the wire they are bytes. */
  readonly Invoke: (input: sdk.InvocationRequest, call: CallContext) => Promise<sdk.InvocationResponse>;
  readonly InvokeWithResponseStream: (
    input: sdk.InvokeWithResponseStreamRequest,
    call: CallContext,
  ) => Promise<sdk.InvokeWithResponseStreamResponse>;
}

export function functionOperations(parts: LambdaParts): FunctionOperations {
  return {
    AddLayerVersionPermission: (input, call) => addLayerVersionPermission(parts, input, call),
    AddPermission: (input, call) => addPermission(parts, input, call),
    CreateAlias: (input, call) => createAlias(parts, input, call),
    CreateFunction: (input, call) => createFunction(parts, input, call),
    CreateFunctionUrlConfig: (input, call) => createFunctionUrlConfig(parts, input, call),
    DeleteAlias: (input, call) => deleteAlias(parts, input, call),
    DeleteFunction: (input, call) => deleteFunction(parts, input, call),
    DeleteFunctionConcurrency: (input, call) => deleteFunctionConcurrency(parts, input, call),
    DeleteFunctionEventInvokeConfig: (input, call) => deleteFunctionEventInvokeConfig(parts, input, call),
    DeleteFunctionUrlConfig: (input, call) => deleteFunctionUrlConfig(parts, input, call),
    DeleteLayerVersion: (input, call) => deleteLayerVersion(parts, input, call),
    DeleteProvisionedConcurrencyConfig: (input, call) => deleteProvisionedConcurrencyConfig(parts, input, call),
    GetAccountSettings: (input, call) => getAccountSettings(parts, input, call),
    GetAlias: (input, call) => getAlias(parts, input, call),
    GetCodeSigningConfig: (input) => getCodeSigningConfig(parts, input),
    GetFunction: (input, call) => getFunction(parts, input, call),
    GetFunctionCodeSigningConfig: (input, call) => getFunctionCodeSigningConfig(parts, input, call),
    GetFunctionConcurrency: (input, call) => getFunctionConcurrency(parts, input, call),
    GetFunctionConfiguration: (input, call) => getFunctionConfiguration(parts, input, call),
    GetFunctionEventInvokeConfig: (input, call) => getFunctionEventInvokeConfig(parts, input, call),
    GetFunctionRecursionConfig: (input, call) => getFunctionRecursionConfig(parts, input, call),
    GetFunctionUrlConfig: (input, call) => getFunctionUrlConfig(parts, input, call),
    GetLayerVersion: (input, call) => getLayerVersion(parts, input, call),
    GetLayerVersionByArn: (input, call) => getLayerVersionByArn(parts, input, call),
    GetLayerVersionPolicy: (input, call) => getLayerVersionPolicy(parts, input, call),
    GetPolicy: (input, call) => getPolicy(parts, input, call),
    GetProvisionedConcurrencyConfig: (input, call) => getProvisionedConcurrencyConfig(parts, input, call),
    GetRuntimeManagementConfig: (input, call) => getRuntimeManagementConfig(parts, input, call),
    Invoke: (input, call) => invoke(parts, input, call),
    InvokeWithResponseStream: (input, call) => invokeWithResponseStream(parts, input, call),
    ListAliases: (input, call) => listAliases(parts, input, call),
    ListCodeSigningConfigs: () => listCodeSigningConfigs(),
    ListFunctionEventInvokeConfigs: (input, call) => listFunctionEventInvokeConfigs(parts, input, call),
    ListFunctionUrlConfigs: (input, call) => listFunctionUrlConfigs(parts, input, call),
    ListFunctions: (input, call) => listFunctions(parts, input, call),
    ListFunctionsByCodeSigningConfig: (input) => listFunctionsByCodeSigningConfig(parts, input),
    ListLayerVersions: (input, call) => listLayerVersions(parts, input, call),
    ListLayers: (input, call) => listLayers(parts, input, call),
    ListProvisionedConcurrencyConfigs: (input, call) => listProvisionedConcurrencyConfigs(parts, input, call),
    ListVersionsByFunction: (input, call) => listVersionsByFunction(parts, input, call),
    PublishLayerVersion: (input, call) => publishLayerVersion(parts, input, call),
    PublishVersion: (input, call) => publishVersion(parts, input, call),
    PutFunctionConcurrency: (input, call) => putFunctionConcurrency(parts, input, call),
    PutFunctionEventInvokeConfig: (input, call) => putFunctionEventInvokeConfig(parts, input, call),
    PutFunctionRecursionConfig: (input, call) => putFunctionRecursionConfig(parts, input, call),
    PutProvisionedConcurrencyConfig: (input, call) => putProvisionedConcurrencyConfig(parts, input, call),
    PutRuntimeManagementConfig: (input, call) => putRuntimeManagementConfig(parts, input, call),
    RemoveLayerVersionPermission: (input, call) => removeLayerVersionPermission(parts, input, call),
    RemovePermission: (input, call) => removePermission(parts, input, call),
    UpdateAlias: (input, call) => updateAlias(parts, input, call),
    UpdateFunctionCode: (input, call) => updateFunctionCode(parts, input, call),
    UpdateFunctionConfiguration: (input, call) => updateFunctionConfiguration(parts, input, call),
    UpdateFunctionEventInvokeConfig: (input, call) => updateFunctionEventInvokeConfig(parts, input, call),
    UpdateFunctionUrlConfig: (input, call) => updateFunctionUrlConfig(parts, input, call),
  };
}
