import type { ControlClient, PeekedObject } from "@localemu/control";
import { decodeBytes } from "./decode.ts";
import { type BucketSubject, subject } from "./matchers/subject.ts";

/** An object of a bucket. */
export interface BucketObject extends Omit<PeekedObject, "data"> {
  /** Gzip unpacked, JSON parsed; a string where it is other UTF-8 text, else the bytes. */
  readonly data: unknown;
  readonly bytes: Uint8Array;
}

/**
 * An S3 bucket of a world. It may be given to `expect` for the matchers of buckets.
 *
 * @example
 * ```ts
 * const failures = await emu.createBucket("failures");
 * await expect(failures).toHaveFailedRecord({ id: "bad" });
 * ```
 */
export class BucketHandle {
  readonly name: string;
  readonly arn: string;
  readonly #control: ControlClient;

  /** Use `emu.createBucket(…)` or `emu.bucket(…)`. */
  constructor(control: ControlClient, name: string, arn: string) {
    this.#control = control;
    this.name = name;
    this.arn = arn;
  }

  /** Puts an object: text as UTF-8, bytes, or anything else as JSON. Throws ControlError as PutObject does. */
  async put(key: string, data: unknown): Promise<void> {
    const isRaw = typeof data === "string" || data instanceof Uint8Array;
    await this.#control.call("s3", "PutObject", {
      Bucket: this.name,
      Key: key,
      Body: Buffer.from(isRaw ? data : JSON.stringify(data)).toString("base64"),
      ...(!isRaw && { ContentType: "application/json" }),
    });
  }

  /** Every object, by key. */
  async objects(): Promise<readonly BucketObject[]> {
    const { objects } = await this.#control.peek.bucket(this.name);
    return Promise.all(objects.map((object) => this.#decode(object)));
  }

  /** What the matchers read. */
  get [subject](): BucketSubject {
    return { kind: "bucket", name: this.name, world: this.#control, read: () => this.objects() };
  }

  async #decode({ data: base64, ...object }: PeekedObject): Promise<BucketObject> {
    const bytes = Buffer.from(base64 ?? (await this.#largeObject(object.key)), "base64");
    return { ...object, data: decodeBytes(bytes), bytes };
  }

  /** It may have been deleted meanwhile. */
  async #largeObject(key: string): Promise<string> {
    const { objects } = await this.#control.peek.bucket(this.name, { key });
    return objects[0]?.data ?? "";
  }
}
