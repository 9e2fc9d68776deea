import type { Architecture, SnapStartApplyOn, Runtime, TracingMode } from "@aws-sdk/client-lambda";

/** What CreateFunction and UpdateFunctionConfiguration set. Replaced as a whole, never changed in place. */
export interface FunctionSettings {
  readonly runtime: Runtime;
  readonly handler: string;
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
  readonly kmsKeyArn: string | undefined;
  readonly deadLetterTargetArn: string | undefined;
  readonly vpc: { readonly subnetIds: readonly string[]; readonly securityGroupIds: readonly string[] } | undefined;
}

export interface CodeFacts {
  /** Of the zip, in base64. */
  readonly sha256: string;
  /** Of the zip, in bytes. */
  readonly size: number;
  readonly architecture: Architecture;
}

/** One function: its `$LATEST`, as there are no other versions. */
export interface LambdaFunction {
  readonly name: string;
  readonly region: string;
  /** Without a qualifier. */
  readonly arn: string;
  tags: Readonly<Record<string, string>>;
  settings: FunctionSettings;
  code: CodeFacts;
  /** World time, milliseconds since the epoch. */
  lastModified: number;
  revisionId: string;
  state: "Pending" | "Active";
  lastUpdate: "InProgress" | "Successful" | undefined;
  /** How the caller that made or last changed it reached the emulator: the function's own calls go there. */
  origin: string;
}

/** The functions of one world, by region and name. */
export class FunctionStore {
  readonly #regions = new Map<string, Map<string, LambdaFunction>>();

  find(region: string, name: string): LambdaFunction | undefined {
    return this.#regions.get(region)?.get(name);
  }

  /** All of a region, by name. */
  list(region: string): LambdaFunction[] {
    return [...(this.#regions.get(region)?.values() ?? [])].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  }

  add(fn: LambdaFunction): void {
    let functions = this.#regions.get(fn.region);
    if (functions === undefined) this.#regions.set(fn.region, (functions = new Map()));
    functions.set(fn.name, fn);
  }

  delete(fn: LambdaFunction): void {
    this.#regions.get(fn.region)?.delete(fn.name);
  }

  /** Whether `fn` is still the function of its name, not one that was deleted or made anew. */
  has(fn: LambdaFunction): boolean {
    return this.find(fn.region, fn.name) === fn;
  }
}
