import { accountId, functionArn, parseArn } from "./core/arns.ts";
import { createLambda } from "./services/lambda/index.ts";
import type { Lambda } from "./services/lambda/index.ts";
import type { MappingPorts, StreamSource } from "./services/lambda/event-source-mappings/ports.ts";
import { createProcessRuntime } from "./services/lambda/invoke/process-runtime.ts";
import type { ServicePorts, WorldServices } from "./world-services.ts";
