import { badRequest } from "./control-error.ts";

/** A JSON object from a client, read member by member with a clear error for a wrong type. */
export class JsonBody {
  readonly #members: Readonly<Record<string, unknown>>;

  private constructor(members: Readonly<Record<string, unknown>>) {
    this.#members = members;
  }

  /** An empty body counts as `{}`. Throws ControlError BadRequest for anything that is no JSON object. */
  static parse(body: Buffer): JsonBody {
    if (body.length === 0) return new JsonBody({});
    let value: unknown;
    try {
      value = JSON.parse(body.toString());
    } catch (error) {
      throw badRequest(`the body is no JSON: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (!isObject(value)) throw badRequest("the body must be a JSON object");
    return new JsonBody(value);
  }

  get members(): Readonly<Record<string, unknown>> {
    return this.#members;
  }

  string(name: string): string | undefined {
    return this.#read(name, "a string", (value) => (typeof value === "string" ? value : undefined));
  }

  number(name: string): number | undefined {
    return this.#read(name, "a number", (value) =>
      typeof value === "number" && Number.isFinite(value) ? value : undefined,
    );
  }

  boolean(name: string): boolean | undefined {
    return this.#read(name, "true or false", (value) => (typeof value === "boolean" ? value : undefined));
  }

  #read<Value>(name: string, expected: string, read: (value: unknown) => Value | undefined): Value | undefined {
    const value = this.#members[name];
    if (value === undefined || value === null) return undefined;
    const result = read(value);
    if (result === undefined) throw badRequest(`${name} must be ${expected}, not ${JSON.stringify(value)}`);
    return result;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
