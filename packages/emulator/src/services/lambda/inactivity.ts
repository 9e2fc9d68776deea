import type { TaskGroup } from "../../core/task-group.ts";
import { imagesOf, provideSameImage } from "./code/image-code.ts";
import type { LambdaPorts } from "./ports.ts";
import type { FunctionStore, FunctionVersion, LambdaFunction } from "./state/function-store.ts";

/** AWS: how long nobody may have invoked a version until it is Inactive: 14 days (AWS docs, networks of functions). */
const idleMs = 14 * 86_400_000;

interface Watched {
  usedAt: number;
  cancel: () => void;
}

interface InactivityParts {
  readonly ports: Pick<LambdaPorts, "activity" | "clock" | "images" | "record">;
  readonly functions: FunctionStore;
  readonly tasks: TaskGroup;
  /** Whether a version stays Active, used or not. */
  readonly isKept: (fn: LambdaFunction, version: FunctionVersion) => boolean;
  /** Has a version be Active, whose image is there. */
  readonly activate: (fn: LambdaFunction, version: FunctionVersion) => void;
}

/**
 * Functions that nobody invokes for weeks become Inactive where they have something beside their code that AWS reclaims: a
 * network interface, or the prepared image.
 */
export class Inactivity {
  readonly #parts: InactivityParts;
  readonly #watched = new Map<FunctionVersion, Watched>();

  constructor(parts: InactivityParts) {
    this.#parts = parts;
  }

  /** Has an Active version become Inactive when its time has come; that begins anew where it had begun. */
  watch(fn: LambdaFunction, version: FunctionVersion): void {
    const { functions, ports } = this.#parts;
    const { code, settings } = version;
    this.forget(version);
    if (code.image === undefined && (settings.vpc?.subnetIds ?? []).length === 0) return;
    const watched: Watched = { usedAt: ports.clock.now(), cancel: () => {} };
    this.#watched.set(version, watched);
    const options = { kind: "housekeeping", label: `idleness of ${fn.name}` } as const;
    const lookIn = (delayMs: number): void => {
      watched.cancel = ports.clock.schedule(delayMs, options, () => {
        const leftMs = watched.usedAt + idleMs - ports.clock.now();
        if (leftMs > 0) return lookIn(leftMs);
        if (this.#parts.isKept(fn, version)) return lookIn(idleMs);
        this.#watched.delete(version);
        version.state = "Inactive";
        functions.keep(fn);
        ports.record({ type: "function.inactive", functionName: fn.name, region: fn.region });
      });
    };
    lookIn(idleMs);
  }

  /** Somebody invokes it. */
  used(version: FunctionVersion): void {
    const watched = this.#watched.get(version);
    if (watched !== undefined) watched.usedAt = this.#parts.ports.clock.now();
  }

  forget(version: FunctionVersion): void {
    this.#watched.get(version)?.cancel();
    this.#watched.delete(version);
  }

  /** Has an Inactive version be Active again, soon; it stays Inactive if its image is gone (AWS docs, function states). */
  restore(fn: LambdaFunction, version: FunctionVersion): void {
    const { activate, functions, ports, tasks } = this.#parts;
    version.state = "Restoring";
    const label = `restoring of ${fn.name}`;
    const token = ports.activity.begin(label);
    tasks.spawn(label, async (signal) => {
      const failure = await this.#provideAgain(version, signal);
      token.release();
      // It may have been updated or deleted meanwhile.
      if (signal.aborted || version.state !== "Restoring") return;
      if (failure === undefined) activate(fn, version);
      else version.state = "Inactive";
      version.restoreFailure = failure;
      functions.keep(fn);
    });
  }

  /** Resolves to why it cannot be had, if so. */
  async #provideAgain({ code }: FunctionVersion, signal: AbortSignal): Promise<string | undefined> {
    try {
      if (code.image !== undefined) await provideSameImage(imagesOf(this.#parts.ports), code.image, signal);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}
