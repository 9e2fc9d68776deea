import type {
  FunctionPool,
  FunctionRuntime,
  PoolInvocation,
  PoolOutcome,
  PoolSpec,
} from "../../packages/emulator/src/services/lambda/invoke/ports.ts";

export interface ScriptedPool {
  readonly spec: PoolSpec;
  readonly invocations: PoolInvocation[];
  /** How many run now. */
  readonly running: number;
  /** Ends the oldest invocation that runs. */
  answer(outcome?: PoolOutcome): void;
  closed: boolean;
}

/** Runs nothing: a test sees what would run and says what comes of it. */
export interface ScriptedRuntime extends FunctionRuntime {
  readonly pools: ScriptedPool[];
}

const success: PoolOutcome = {
  kind: "success",
  payload: Buffer.from("1"),
  contentType: "application/json",
  logTail: "",
  durationMs: 1,
};

export function scriptedRuntime(): ScriptedRuntime {
  const pools: ScriptedPool[] = [];
  return {
    pools,
    createPool(spec): FunctionPool {
      const running: ((outcome: PoolOutcome) => void)[] = [];
      let onDrained: (() => void) | undefined;
      const pool: ScriptedPool = {
        spec,
        invocations: [],
        get running() {
          return running.length;
        },
        closed: false,
        answer(outcome = success) {
          running.shift()?.(outcome);
          if (running.length === 0) onDrained?.();
        },
      };
      pools.push(pool);
      return {
        // Nobody attaches to it.
        outside: {
          attached: 0,
          attach: () => undefined,
          poll: () => false,
          answer: () => false,
          pause: () => undefined,
          resume: () => undefined,
        },
        provisioned: { requested: 0, available: 0, failed: false },
        provision: () => undefined,
        invoke(invocation) {
          pool.invocations.push(invocation);
          return new Promise((resolve) => running.push(resolve));
        },
        async close() {
          if (running.length > 0) await new Promise<void>((resolve) => (onDrained = resolve));
          pool.closed = true;
        },
        async kill() {
          while (running.length > 0) pool.answer({ kind: "failed", message: "killed" });
          pool.closed = true;
          // Processes end later than those who wait for what they run are told.
          await new Promise((ended) => setImmediate(ended));
        },
      };
    },
  };
}
