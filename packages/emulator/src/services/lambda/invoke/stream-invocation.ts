import type { HostTime } from "../../../core/host-time.ts";
import type { InvokedAbout, InvokeFunction, InvokeRequest, InvokeResult } from "./invoke-function.ts";
import type { ResponseHead } from "./ports.ts";
import { ResponseChannel } from "./response-channel.ts";
import type { StreamLimits } from "./response-channel.ts";

/** An invocation whose response may come while its function runs. */
export type StreamedInvocation =
  /** It ended without sending a byte before: the result has all there is. */
  | { readonly kind: "whole"; readonly result: InvokeResult }
  | (InvokedAbout & {
      readonly kind: "streaming";
      readonly head: ResponseHead;
      /** The next chunk; undefined after the last one. */
      readonly read: () => Promise<Uint8Array | undefined>;
      /** Reads no more: the function runs on, and what it sends is dropped. */
      readonly leave: () => void;
      /** What became of it, without the bytes that were read. */
      readonly ended: Promise<InvokeResult>;
    });

export interface StreamParts {
  readonly invokeFunction: InvokeFunction;
  readonly host: HostTime;
  readonly limits: StreamLimits;
}

/** Resolves with the first byte of a streamed response, or with the end. `signal` tells that the caller has gone. */
export async function streamInvocation(
  { invokeFunction, host, limits }: StreamParts,
  request: Omit<InvokeRequest, "onResponse">,
): Promise<StreamedInvocation> {
  const { signal, ...rest } = request;
  if (signal?.aborted) return { kind: "whole", result: await invokeFunction(request) };
  const channel = new ResponseChannel(host, limits);
  let begun: (InvokedAbout & { readonly head: ResponseHead }) | undefined;
  const ended = invokeFunction({
    ...rest,
    onResponse: (head, about) => {
      // A whole response is told as a whole, or as too large.
      if (head.mode === "buffered") return undefined;
      begun = { ...about, head };
      return channel;
    },
  });
  const onAbort = (): void => channel.leave();
  signal?.addEventListener("abort", onAbort, { once: true });
  const settle = (): void => {
    signal?.removeEventListener("abort", onAbort);
    channel.end();
  };
  // Whoever waits for `ended` learns why it rejects.
  ended.then(settle, settle);
  const first = await channel.read();
  if (begun === undefined || first === undefined) return { kind: "whole", result: await ended };
  let unread: Uint8Array | undefined = first;
  return {
    kind: "streaming",
    ...begun,
    async read() {
      const chunk = unread;
      unread = undefined;
      return chunk ?? channel.read();
    },
    leave: onAbort,
    ended,
  };
}
