import type { CodeFacts } from "../state/function-store.ts";
import type { DeployedCode } from "./code-store.ts";

/** Code that can be run, and what is told of it. */
export interface ProvidedCode {
  readonly facts: CodeFacts;
  readonly code: DeployedCode;
}

/** Code that cannot run before an image is there. */
export interface LaterCode {
  /** Gets the image. Rejects with why there is none. */
  provide(signal: AbortSignal): Promise<ProvidedCode>;
  /** Called when nobody waits for it any more. */
  end(): void;
}
