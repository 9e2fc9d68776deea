import type { Outgoing } from "./listener.ts";

/** A signal that aborts when a response's connection closes: its caller was answered, or went away. */
export function callerGone(response: Outgoing): AbortSignal {
  const controller = new AbortController();
  response.once("close", () => controller.abort());
  return controller.signal;
}
