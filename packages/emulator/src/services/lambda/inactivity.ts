import type { TaskGroup } from "../../core/task-group.ts";
import { AwsError } from "../../protocols/errors.ts";
import { imagesOf, provideSameImage } from "./code/image-code.ts";
import { findVersion } from "./function-versions.ts";
import { textOf } from "./lambda-error.ts";
import type { LambdaPorts } from "./ports.ts";
import type { FunctionStore, FunctionVersion, LambdaFunction } from "./state/function-store.ts";

/** AWS: how long nobody may have invoked a version until it is Inactive: 14 days (AWS docs, networks of functions). */
const idleMs = 14 * 86_400_000;

interface InactivityParts {
  readonly ports: Pick<LambdaPorts, "activity" | "clock" | "ids" | "images" | "record">;
  readonly functions: FunctionStore;
  readonly tasks: TaskGroup;
  /** Whether a version stays Active, used or not. */
  readonly isKept: (fn: LambdaFunction, version: FunctionVersion) => boolean;
  /** Called when the restoring of a version is over, whether it could be or not. */
  readonly restored: (fn: LambdaFunction, version: FunctionVersion) => void;
}

interface Watched {
  usedAt: number;
  readonly end: () => void;
}

/**
 * Functions that nobody invokes for weeks become Inactive where they have something beside their code that AWS reclaims: a
 * network interface, or the prepared image.
 */
export class Inactivity {
  readonly #parts: InactivityParts;
  readonly #watched = new Map<FunctionVersion, Watched>();
  /** What ends the restoring of a version. */
  readonly #restoring = new Map<FunctionVersion, AbortController>();

  constructor(parts: InactivityParts) {
    this.#parts = parts;
  }

  /** Has an Active version become Inactive when its time has come; that begins anew where it had begun. */
  watch(fn: LambdaFunction, version: FunctionVersion): void {
    const { functions, ports } = this.#parts;
    const { code, settings } = version;
    this.forget(version);
    const hasMore = code.image !== undefined || (settings.vpc?.subnetIds ?? []).length > 0;
    // A published one may have been deleted meanwhile.
    if (!hasMore || version.state !== "Active" || findVersion(fn, version.version) !== version) return;
    let cancel = (): void => {};
    const watched: Watched = { usedAt: ports.clock.now(), end: () => cancel() };
    this.#watched.set(version, watched);
    const options = { kind: "housekeeping", label: `idleness of ${fn.name}` } as const;
    const lookIn = (delayMs: number): void => {
      cancel = ports.clock.schedule(delayMs, options, () => {
        const leftMs = watched.usedAt + idleMs - ports.clock.now();
        if (leftMs > 0) return lookIn(leftMs);
        if (this.#parts.isKept(fn, version)) return lookIn(idleMs);
        this.#watched.delete(version);
        version.state = "Inactive";
        functions.keep(fn);
        const { name: functionName, region } = fn;
        ports.record({ type: "function.inactive", functionName, region, version: version.version });
      });
    };
    lookIn(idleMs);
  }

  /** Somebody invokes it. */
  used(version: FunctionVersion): void {
    const watched = this.#watched.get(version);
    if (watched !== undefined) watched.usedAt = this.#parts.ports.clock.now();
  }

  /** Of a version that changes or is deleted: ends what was begun for it. */
  forget(version: FunctionVersion): void {
    this.#watched.get(version)?.end();
    this.#watched.delete(version);
    this.#restoring.get(version)?.abort();
    this.#restoring.delete(version);
  }

  /** Has an Inactive version be Active again, soon; it stays Inactive if that fails (AWS docs, function states). */
  restore(fn: LambdaFunction, version: FunctionVersion): void {
    const { functions, ports, tasks } = this.#parts;
    this.forget(version);
    version.state = "Restoring";
    const label = `restoring of ${fn.name}`;
    const token = ports.activity.begin(label);
    const ended = new AbortController();
    this.#restoring.set(version, ended);
    tasks.spawn(label, async (signal) => {
      const restoreFailure = await this.#provideImage(version.code.image, AbortSignal.any([signal, ended.signal]));
      token.release();
      if (signal.aborted || ended.signal.aborted) return;
      this.#restoring.delete(version);
      version.state = restoreFailure === undefined ? "Active" : "Inactive";
      version.restoreFailure = restoreFailure;
      version.revisionId = ports.ids.uuid();
      this.watch(fn, version);
      functions.keep(fn);
      this.#parts.restored(fn, version);
    });
  }

  /** Resolves to why the image of a version, if it is one, cannot be had. */
  async #provideImage(
    image: FunctionVersion["code"]["image"],
    signal: AbortSignal,
  ): Promise<FunctionVersion["restoreFailure"]> {
    try {
      if (image !== undefined) await provideSameImage(imagesOf(this.#parts.ports), image, signal);
      return undefined;
    } catch (error) {
      const isGone = error instanceof AwsError && error.code === "InvalidParameterValueException";
      return { code: isGone ? "ImageDeleted" : "InternalError", reason: textOf(error) };
    }
  }
}
