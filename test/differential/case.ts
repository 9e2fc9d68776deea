import type { FunctionSpec, InvokeRequest } from "@localemu/lambda-runtime";

/** Which of AWS's runtime clients: aws-lambda-ric 4 runs nodejs24.x, aws-lambda-ric 3 what is older. */
export type Generation = 3 | 4;

export const RUNTIMES: Readonly<Record<Generation, string>> = { 3: "nodejs22.x", 4: "nodejs24.x" };

/** An event: its value, or its text where it is no JSON, with what else the invocation says. */
export interface Invoke extends Partial<Omit<InvokeRequest, "payload" | "requestId" | "onResponse">> {
  readonly event?: unknown;
  readonly payload?: string;
}

/** A function and the events that it gets, one after the other. */
export interface Case {
  readonly name: string;
  /** By path; a text alone is `index.js`. */
  readonly files: Readonly<Record<string, string>> | string;
  /** Default `index.handler`. */
  readonly handler?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly spec?: Partial<FunctionSpec>;
  /** Default both. */
  readonly generation?: Generation;
  /** Default one, `{}`. */
  readonly invokes?: readonly Invoke[];
}

export interface WireRequest {
  /** What follows `/2018-06-01/runtime/`, without the id of the invocation. */
  readonly path: string;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly trailers?: Readonly<Record<string, unknown>>;
  /** The connection broke before the end. */
  readonly broken?: true;
}

/** What somebody outside of the process sees of a case. */
export interface Observation {
  /** What the client posted to the Runtime API. */
  readonly requests: readonly WireRequest[];
  /** What the caller got. */
  readonly outcomes: readonly { readonly payload: unknown; readonly failed?: string }[];
  /** What was logged in Lambda's formats. */
  readonly log: readonly unknown[];
  /** What else was written. */
  readonly output: readonly string[];
  /** How processes ended by themselves. */
  readonly exits: readonly string[];
}
