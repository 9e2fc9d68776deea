import type { Writable } from "node:stream";
import type { AttachableHandler } from "@localemu/testkit";

declare const awslambda: {
  streamifyResponse(handler: (event: number[], stream: Writable) => Promise<void>): AttachableHandler;
};

// #region handler
export const handler = awslambda.streamifyResponse(async (event, stream) => {
  for (const order of event) {
    stream.write(`data: ${order}\n\n`);
    await new Promise((resolve) => setTimeout(resolve, 10)); // some work
  }
  stream.end();
});
// #endregion
