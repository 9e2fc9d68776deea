import type { ActivityToken } from "../../activity.ts";
import type { EnvironmentEvent } from "./invoke/ports.ts";
import type { LambdaPorts } from "./ports.ts";
import type { LambdaFunction } from "./state/function-store.ts";

type State = "starting" | "ready";

/** The environments of functions that live, of all their versions. */
export class LivingEnvironments {
  readonly #ports: Pick<LambdaPorts, "activity" | "record">;
  /** By id. */
  readonly #alive = new WeakMap<LambdaFunction, Map<string, State>>();

  constructor(ports: Pick<LambdaPorts, "activity" | "record">) {
    this.#ports = ports;
  }

  /** A function's, oldest first. */
  of(fn: LambdaFunction): { readonly environment: string; readonly state: State }[] {
    return [...(this.#alive.get(fn) ?? [])].map(([environment, state]) => ({ environment, state }));
  }

  /**
   * Records what becomes of environments. One that starts is activity until it is ready, also when another one took the event
   * that it was started for: its code runs.
   */
  listener(fn: LambdaFunction): (event: EnvironmentEvent) => void {
    const ports = this.#ports;
    const functionName = fn.name;
    const alive = this.#alive.get(fn) ?? new Map<string, State>();
    this.#alive.set(fn, alive);
    const starting = new Map<string, ActivityToken>();
    return (event) => {
      const { environment } = event;
      if (event.type === "starting") {
        alive.set(environment, "starting");
        starting.set(environment, ports.activity.begin(`start of an environment of ${functionName}`));
        return;
      }
      if (event.type === "started") {
        ports.record({ type: "function.environmentStarted", functionName, environment });
        return;
      }
      if (event.type === "initFailed") {
        const { error, output } = event;
        ports.record({ type: "function.environmentInitFailed", functionName, environment, error, output });
        return;
      }
      if (event.type === "ready") {
        alive.set(environment, "ready");
        ports.record({ type: "function.environmentReady", functionName, environment, initMs: event.initMs });
      } else {
        alive.delete(environment);
        ports.record({ type: "function.environmentStopped", functionName, environment, reason: event.reason });
      }
      starting.get(environment)?.release();
      starting.delete(environment);
    };
  }
}
