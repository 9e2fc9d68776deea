export { createMessaging } from "./messaging.ts";
export type * from "./ports.ts";
export { worldOfQueueUrl } from "./queue-url.ts";
