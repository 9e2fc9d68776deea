import { invalidArgument } from "./errors.ts";

const shortest = 24;
const longest = 8760;

/** Throws where no stream may have such a retention period. The texts are AWS's (kinesalite's suite; the longest one grew). */
export function assertRetentionPeriod(hours: number): void {
  if (hours < shortest) {
    throw invalidArgument(
      `Minimum allowed retention period is ${shortest} hours. Requested retention period (${hours} hours) is too short.`,
    );
  }
  if (hours > longest) {
    throw invalidArgument(
      `Maximum allowed retention period is ${longest} hours. Requested retention period (${hours} hours) is too long.`,
    );
  }
}
