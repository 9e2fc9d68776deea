import type * as sdk from "@aws-sdk/client-lambda";
import type { CallContext, OperationsOf, ServiceImplementation } from "../../protocols/operations.ts";
import type { LambdaParts } from "./lambda-parts.ts";
import type { notImplemented } from "./not-implemented.ts";
import { createFunction } from "./operations/create-function.ts";
import { deleteFunction } from "./operations/delete-function.ts";
import { getAccountSettings } from "./operations/get-account-settings.ts";
import { getFunctionConfiguration } from "./operations/get-function-configuration.ts";
import { getFunction } from "./operations/get-function.ts";
import { invoke } from "./operations/invoke.ts";
import { listFunctions } from "./operations/list-functions.ts";
import { updateFunctionCode } from "./operations/update-function-code.ts";
import { updateFunctionConfiguration } from "./operations/update-function-configuration.ts";

type Client = typeof sdk;

/** Operations that are not on functions alone, and are made elsewhere. */
type OtherOperation = Extract<
  keyof OperationsOf<Client>,
  `${string}EventSourceMapping${string}` | "ListTags" | "TagResource" | "UntagResource"
>;

export interface FunctionOperations extends ServiceImplementation<
  Client,
  CallContext,
  keyof typeof notImplemented | OtherOperation | "Invoke"
> {
  /** The SDK's commands decorate payloads for their callers; on this side of the wire they are bytes. */
  readonly Invoke: (input: sdk.InvocationRequest, call: CallContext) => Promise<sdk.InvocationResponse>;
}

export function functionOperations(parts: LambdaParts): FunctionOperations {
  return {
    CreateFunction: (input, call) => createFunction(parts, input, call),
    DeleteFunction: (input, call) => deleteFunction(parts, input, call),
    GetAccountSettings: (input, call) => getAccountSettings(parts, input, call),
    GetFunction: (input, call) => getFunction(parts, input, call),
    GetFunctionConfiguration: (input, call) => getFunctionConfiguration(parts, input, call),
    Invoke: (input, call) => invoke(parts, input, call),
    ListFunctions: (input, call) => listFunctions(parts, input, call),
    UpdateFunctionCode: (input, call) => updateFunctionCode(parts, input, call),
    UpdateFunctionConfiguration: (input, call) => updateFunctionConfiguration(parts, input, call),
  };
}
