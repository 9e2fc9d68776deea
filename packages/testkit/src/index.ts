export { type AttachableHandler, AttachedHandler, type AttachHandlerOptions } from "./attach-handler.ts";
export type { TimelineEntry } from "@localemu/control";
export { connect, startLocalEmu, type StartLocalEmuOptions } from "./connect.ts";
export { type ClientConfig, LocalEmu } from "./local-emu.ts";
export { QueueHandle, type QueueMessage, type QueueOptions } from "./queue-handle.ts";
export { type PutResult, StreamHandle } from "./stream-handle.ts";
export type { StreamRecord } from "./stream-shards.ts";
