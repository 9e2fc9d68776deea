import type { TimelineEvent } from "@localemu/control";
import type { Activity } from "../../activity.ts";
import type { Clock } from "../../core/clock.ts";
import type { HostTime } from "../../core/host-time.ts";
import type { Ids } from "../../core/ids.ts";
import type { AwsError } from "../../protocols/errors.ts";
import type { DocumentStore } from "../../storage/document-store.ts";
import type { TextAttribute } from "./asynchronous/event-documents.ts";
import type { Executors } from "./invoke/executor-of.ts";
import type { FunctionRuntime } from "./invoke/ports.ts";
import type { StreamLimits } from "./invoke/response-channel.ts";
import type { RuntimeImages } from "./invoke/runtime-image.ts";

/** What Lambda needs from the world it is part of. */
export interface LambdaPorts {
  readonly clock: Clock;
  readonly host: HostTime;
  readonly ids: Ids;
  readonly activity: Activity;
  /** What outlives the emulator. */
  readonly documents: DocumentStore;
  readonly responseStreams: StreamLimits;
  /** Runs the functions. */
  readonly runtime: FunctionRuntime;
  /** What that can use for functions from zips. */
  readonly executors: Executors;
  /** Which images functions of a runtime run in. */
  readonly runtimeImages: RuntimeImages;
  /** Container images; undefined where nothing runs them. */
  readonly images?: FunctionImages;
  /** A directory of this world's own for the functions' code; made when needed, removed at close. */
  readonly workDirectory: string;
  /** Whether programs in a directory, which need not be there yet, can be executed. */
  mayExecuteIn(directory: string): Promise<boolean>;
  /** Appends to the timeline. */
  record(event: TimelineEvent): void;
  /** Tells of a bug of ours in background work. */
  reportInternalError(where: string, error: unknown): void;
  /** Reads an object that holds a function's code. */
  readObject(bucket: string, key: string, versionId: string | undefined): Promise<ObjectRead>;
  /** A queue, a topic or a bucket that is told what became of an event; undefined for any other ARN. */
  openDestination(arn: string, sender: Sender): Promise<EventDestination | undefined>;
  /** Whether a role lets Lambda take it on for a function; absent where nobody looks. */
  readonly trustsLambda?: ((role: string, functionArn: string) => boolean) | undefined;
  /** AWS's error where a function may not invoke the one of an ARN, which is its destination; absent where all may. */
  readonly refusedDestination?: ((functionArn: string, sender: Sender) => AwsError | undefined) | undefined;
  /** Whether a request may go through a function's URL; absent where all may. */
  readonly mayCallUrl?: ((url: CalledUrl, accessKeyId: string | undefined) => Promise<boolean>) | undefined;
  /** Where a caller that came through `origin` can download a zip, by its hash in base64. */
  codeLocation(origin: string, sha256: string): string;
  /** What the world gives to a function that was made through `origin`. */
  functionEnvironment(origin: string, owner: EnvironmentOwner): InjectedEnvironment;
  /** Stops world time, until what is returned is called. */
  holdTime(): () => void;
  /** Stores one line of a function's log. */
  writeLog(region: string, group: string, stream: string, timestamp: number, message: string): void;
}

/** A function of which something is reported. */
export interface Sender {
  readonly region: string;
  readonly functionName: string;
  /** What of it was invoked; undefined for `$LATEST`. */
  readonly qualifier: string | undefined;
}

/** Who runs in an environment. */
export interface EnvironmentOwner {
  readonly functionName: string;
  readonly functionArn: string;
  readonly role: string;
}

export interface CalledUrl {
  /** With the alias, where the URL is one's. */
  readonly functionArn: string;
  readonly authType: string;
}

/** A container image, as what runs it has it. */
export interface FunctionImage {
  /** What it is, whatever its name means later. */
  readonly id: string;
  /** Its name by digest. */
  readonly resolvedUri: string;
}

export interface FunctionImages {
  /** The image, if it is there. Rejects when nothing can be asked for it. */
  find(uri: string): Promise<FunctionImage | undefined>;
  /** Gets the image from its registry. Rejects with why it cannot be had. */
  pull(uri: string, signal: AbortSignal): Promise<FunctionImage>;
}

export interface EventDestination {
  /** Rejects when nothing could be sent. `key` is the object's key in a bucket; `attributes` and `traceHeader` are a message's. */
  send(
    body: string,
    options: {
      readonly key?: string;
      readonly attributes?: Readonly<Record<string, TextAttribute>>;
      readonly traceHeader: string;
    },
  ): Promise<void>;
}

export type ObjectRead =
  | { readonly kind: "found"; readonly body: Uint8Array }
  /** An error of S3's: its code and message, e.g. `NoSuchKey`. */
  | { readonly kind: "failed"; readonly code: string; readonly message: string };

export interface InjectedEnvironment {
  /** Variables such as `AWS_ENDPOINT_URL`; a function's own variables come before them. */
  readonly variables: Readonly<Record<string, string>>;
  readonly credentials: FunctionCredentials;
}

export interface FunctionCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}
