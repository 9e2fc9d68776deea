import type {
  ApplicationLogLevel,
  Architecture,
  LogFormat,
  RecursiveLoop,
  Runtime,
  SnapStartApplyOn,
  SystemLogLevel,
  TracingMode,
} from "@aws-sdk/client-lambda";

/** What CreateFunction and UpdateFunctionConfiguration set. Replaced as a whole, never changed in place. */
export interface FunctionSettings {
  /** Undefined, as the handler, where a container image is the function. */
  readonly runtime: Runtime | undefined;
  readonly handler: string | undefined;
  /** What the container image is started with instead of what it says itself. */
  readonly imageConfig: ImageSettings | undefined;
  readonly role: string;
  readonly description: string;
  readonly timeoutSeconds: number;
  readonly memorySizeMb: number;
  /** Undefined when the function never had an Environment, which is told apart from an empty one. */
  readonly environment: Readonly<Record<string, string>> | undefined;
  readonly ephemeralStorageMb: number;
  readonly tracingMode: TracingMode;
  readonly snapStart: SnapStartApplyOn;
  readonly logGroup: string;
  readonly logFormat: LogFormat;
  /** Of the function's own messages and of the platform's events, with JSON format. */
  readonly applicationLogLevel: ApplicationLogLevel;
  readonly systemLogLevel: SystemLogLevel;
  readonly kmsKeyArn: string | undefined;
  /** In their order; they stay what they are, also when they are deleted. */
  readonly layers: readonly LayerFacts[];
  readonly deadLetterTargetArn: string | undefined;
  readonly vpc: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] } | undefined;
}

export interface ImageSettings {
  readonly entryPoint: readonly string[] | undefined;
  readonly command: readonly string[] | undefined;
  readonly workingDirectory: string | undefined;
}

/** A layer's version as a function shows it. */
export interface LayerFacts {
  readonly arn: string;
  /** Of the zip, in bytes. */
  readonly size: number;
  /** Of the zip, in base64. */
  readonly sha256: string;
}

export interface CodeFacts {
  /** Of the zip, in base64; of an image, in hexadecimal digits. */
  readonly sha256: string;
  /** Of the zip, in bytes. */
  readonly size: number;
  readonly architecture: Architecture;
  /** The container image that is the code: its name as it was given, by digest, and what the engine calls it. */
  readonly image?: { readonly uri: string; readonly resolvedUri: string; readonly id: string };
}

/** What an environment runs: `$LATEST`, which changes, or a published version, whose code and settings never do. */
export interface FunctionVersion {
  /** `$LATEST` or a number. */
  readonly version: string;
  settings: FunctionSettings;
  code: CodeFacts;
  /** World time, milliseconds since the epoch. */
  lastModified: number;
  revisionId: string;
  /** `Restoring`: it was Inactive, and is told as Pending. */
  state: "Pending" | "Active" | "Inactive" | "Restoring" | "Failed";
  /** Why it, or its last update, Failed: its image could not be had. */
  failure?: string | undefined;
  /** Why it is still Inactive, though somebody invoked it. */
  restoreFailure?: { readonly code: "ImageDeleted" | "InternalError"; readonly reason: string } | undefined;
  /** Undefined until the version is Active for the first time. */
  lastUpdate: "InProgress" | "Successful" | "Failed" | undefined;
  /** The image that is to take the place of its code, once it is there. */
  nextImage?: { readonly uri: string; readonly architecture: Architecture } | undefined;
  /** How the caller that made or last changed it reached the emulator: the function's own calls go there. */
  origin: string;
}

/** A name for a version. Replaced as a whole, never changed in place. */
export interface Alias {
  readonly name: string;
  /** The version that it means. */
  readonly version: string;
  readonly description: string;
  /** Another version, and the part of invocations that it gets instead: 0 to 1. */
  readonly routing: { readonly version: string; readonly weight: number } | undefined;
  readonly revisionId: string;
}

/** One function: its `$LATEST`, and what was published and named of it. */
export interface LambdaFunction {
  readonly name: string;
  readonly region: string;
  /** Without a qualifier. */
  readonly arn: string;
  tags: Readonly<Record<string, string>>;
  readonly latest: FunctionVersion;
  /** By number, in the order of publication. */
  readonly published: Map<string, FunctionVersion>;
  readonly aliases: Map<string, Alias>;
  publication: Publication;
  /** How many invocations may run at once, kept from the account's for this function; undefined where it takes of those. */
  reservedConcurrency: number | undefined;
  /** Whether it is stopped when it goes on invoking itself through other services. */
  recursiveLoop: RecursiveLoop;
}

/** The last publication of a function. */
export interface Publication {
  /** Its number, which is never given again; 0 before the first. */
  readonly number: number;
  /** What `$LATEST` was then. */
  readonly settings: FunctionSettings | undefined;
  readonly code: CodeFacts | undefined;
}

/** Keeps functions for the next emulator. */
export interface FunctionKeeper {
  keep(fn: LambdaFunction): void;
  forget(fn: LambdaFunction): void;
}

/** The functions of one world, by region and name. */
export class FunctionStore {
  readonly #regions = new Map<string, Map<string, LambdaFunction>>();
  readonly #keeper: FunctionKeeper | undefined;

  constructor(keeper?: FunctionKeeper) {
    this.#keeper = keeper;
  }

  find(region: string, name: string): LambdaFunction | undefined {
    return this.#regions.get(region)?.get(name);
  }

  /** All of a region, by name. */
  list(region: string): LambdaFunction[] {
    return [...(this.#regions.get(region)?.values() ?? [])].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** All of all regions. */
  all(): LambdaFunction[] {
    return [...this.#regions.values()].flatMap((functions) => [...functions.values()]);
  }

  /** How many concurrent invocations a region's functions keep for themselves, all together. */
  reservedConcurrency(region: string): number {
    let sum = 0;
    for (const { reservedConcurrency = 0 } of this.#regions.get(region)?.values() ?? []) sum += reservedConcurrency;
    return sum;
  }

  add(fn: LambdaFunction): void {
    this.restore(fn);
    this.keep(fn);
  }

  /** Has what changed of a function outlive the emulator: whoever changes one calls this in the same step. */
  keep(fn: LambdaFunction): void {
    if (this.has(fn)) this.#keeper?.keep(fn);
  }

  /** Adds what was kept. */
  restore(fn: LambdaFunction): void {
    let functions = this.#regions.get(fn.region);
    if (functions === undefined) this.#regions.set(fn.region, (functions = new Map()));
    functions.set(fn.name, fn);
  }

  delete(fn: LambdaFunction): void {
    this.#regions.get(fn.region)?.delete(fn.name);
    this.#keeper?.forget(fn);
  }

  /** Whether `fn` is still the function of its name, not one that was deleted or made anew. */
  has(fn: LambdaFunction): boolean {
    return this.find(fn.region, fn.name) === fn;
  }
}
