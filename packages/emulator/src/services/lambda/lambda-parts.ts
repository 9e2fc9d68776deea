import type { EventQueue } from "./asynchronous/event-queue.ts";
import type { CodeStore } from "./code/code-store.ts";
import type { Executables } from "./code/executables.ts";
import type { Deployments } from "./deployments.ts";
import type { InvokeFunction } from "./invoke/invoke-function.ts";
import type { StreamParts } from "./invoke/stream-invocation.ts";
import type { LambdaPorts } from "./ports.ts";
import type { ByQualifier } from "./state/by-qualifier.ts";
import type { EventInvokeConfig } from "./state/event-invoke-config.ts";
import type { FunctionPolicy } from "./state/function-policy.ts";
import type { FunctionStore } from "./state/function-store.ts";
import type { FunctionUrls } from "./state/function-urls.ts";
import type { LayerStore } from "./layer-store.ts";
import type { ProvisionedConcurrency } from "./state/provisioned-concurrency.ts";
import type { RuntimeManagement } from "./state/runtime-management.ts";

/** What the operations on functions work with. */
export interface LambdaParts {
  readonly ports: LambdaPorts;
  readonly functions: FunctionStore;
  readonly urls: FunctionUrls;
  readonly layers: LayerStore;
  readonly codes: CodeStore;
  readonly executables: Executables;
  readonly deployments: Deployments;
  readonly invokeFunction: InvokeFunction;
  readonly streams: StreamParts;
  /** Asynchronous invocations. */
  readonly events: EventQueue;
  readonly eventConfigs: ByQualifier<EventInvokeConfig>;
  readonly policies: ByQualifier<FunctionPolicy>;
  readonly runtimeUpdates: ByQualifier<RuntimeManagement>;
  readonly provisioned: ByQualifier<ProvisionedConcurrency>;
}
