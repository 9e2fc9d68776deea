import type { Outgoing } from "./listener.ts";
import { ClientGoneError } from "./request-body.ts";

/** A signal that aborts when a response's connection closes: its caller was answered, or went away. */
export function callerGone(response: Outgoing): AbortSignal {
  if (isGone(response)) return AbortSignal.abort(callerHasGone);
  const controller = new AbortController();
  response.once("close", () => controller.abort(callerHasGone));
  return controller.signal;
}

/** Made once: making an error for each call would cost more than all else here. */
const callerHasGone = new ClientGoneError("The caller has gone");

/** Whether the connection has closed, which no `close` will tell any more. */
export function isGone({ destroyed, stream }: Outgoing): boolean {
  return destroyed === true || stream?.destroyed === true;
}
