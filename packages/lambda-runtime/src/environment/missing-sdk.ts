import type { Conclusion } from "./conclusion.ts";

const MISSING = /Cannot find (?:module|package) '((?:@aws-sdk|@smithy)\/[^'/]+|aws-sdk)[/']/;
const MOST_BYTES = 64 * 1024;

/**
 * What to do about an error of a function for Node.js, a line, if it is that the AWS SDK cannot be found: AWS's runtimes have it
 * installed, and functions often leave it out of their zips.
 */
export function missingSdk(runtime: string, payload: Uint8Array): string | undefined {
  if (!runtime.startsWith("nodejs") || payload.byteLength > MOST_BYTES) return undefined;
  const [, name] = MISSING.exec(Buffer.from(payload).toString()) ?? [];
  if (name === undefined) return undefined;
  return `LocalEmu: ${name} is not there: AWS's Node.js runtimes have the AWS SDK installed, LocalEmu has not. Bundle it with the function, or put it into its zip or a layer\n`;
}

/** An end that the function told itself, with that line for its log. */
export function advised(conclusion: Conclusion, runtime: string): Conclusion {
  const { cause, payload } = conclusion;
  const advice = cause === "handler" || cause === "init" ? missingSdk(runtime, payload) : undefined;
  return advice === undefined ? conclusion : { ...conclusion, before: advice };
}
