import type { TaskGroup } from "../../core/task-group.ts";
import type { LaterCode, ProvidedCode } from "./code/later-code.ts";
import { textOf } from "./lambda-error.ts";
import type { LambdaPorts } from "./ports.ts";
import type { FunctionStore, LambdaFunction } from "./state/function-store.ts";

/** Gets the images that functions wait for, one at a time for each function. */
export class ImagePulls {
  readonly #activity: LambdaPorts["activity"];
  readonly #functions: FunctionStore;
  readonly #tasks: TaskGroup;
  /** What ends the pull for a function. */
  readonly #pulls = new Map<LambdaFunction, AbortController>();

  constructor({ activity }: Pick<LambdaPorts, "activity">, functions: FunctionStore, tasks: TaskGroup) {
    this.#activity = activity;
    this.#functions = functions;
    this.#tasks = tasks;
  }

  /** Calls what is due when it has come out, unless the function is gone by then. */
  begin(
    fn: LambdaFunction,
    later: LaterCode,
    due: { readonly provided: (provided: ProvidedCode) => void; readonly failed: (reason: string) => void },
  ): void {
    const label = `pull of the image of ${fn.name}`;
    const token = this.#activity.begin(label);
    const pull = new AbortController();
    this.#pulls.set(fn, pull);
    this.#tasks.spawn(label, async (signal) => {
      try {
        const provided = await later.provide(AbortSignal.any([signal, pull.signal])).catch(textOf);
        const isThere = !signal.aborted && this.#functions.has(fn);
        if (typeof provided !== "string") {
          if (isThere) due.provided(provided);
          provided.code.release();
        } else if (isThere) due.failed(provided);
      } finally {
        this.#pulls.delete(fn);
        // What a stop leaves waiting stays kept for the next emulator: the last one to let go of code has it forgotten.
        if (!signal.aborted) later.end();
        token.release();
      }
    });
  }

  end(fn: LambdaFunction): void {
    this.#pulls.get(fn)?.abort();
  }
}
