import { replyError } from "../runtime-api/replies.ts";
import type { AttachedExchange } from "./attached-execution.ts";

/** Tells a process that there is nothing more to poll for. */
export function refuseDetached({ request, response }: Pick<AttachedExchange, "request" | "response">): void {
  request.resume();
  replyError(response, { status: 410, errorType: "Detached", errorMessage: "The function is gone" });
}
