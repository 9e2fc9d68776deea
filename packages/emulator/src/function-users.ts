import { chmodSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createFunctionUsers, isFunctionUser, type FunctionUsers } from "@localemu/lambda-runtime";
import { OptionError } from "./options.ts";

/** Linux capabilities that starting, ending and providing for processes of other users takes, by their numbers. */
const needed: ReadonlyMap<number, string> = new Map([
  [0, "CHOWN"],
  [5, "KILL"],
  [6, "SETGID"],
  [7, "SETUID"],
]);

/**
 * Users for the functions of all worlds, who cannot enter the directory with what is kept. Throws OptionError where they cannot
 * have any.
 */
export function functionUsers(dataDir: string | undefined): FunctionUsers {
  const why = problem();
  if (why === undefined) {
    if (dataDir !== undefined) close(dataDir);
    return createFunctionUsers();
  }
  throw new OptionError(
    `functionUsers (LOCALEMU_FUNCTION_USERS) gives functions users of their own, for which LocalEmu must be root on Linux with ` +
      `the capabilities ${[...needed.values()].join(", ")}: ${why}. withFunctionUsers() of @localemu/testcontainers starts such a ` +
      "container, docker run does with --user 0; in a test's process and for other users there is no such option.",
  );
}

function close(directory: string): void {
  try {
    mkdirSync(directory, { recursive: true });
    chmodSync(directory, 0o700);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OptionError(`functions' users could read ${directory}, which LocalEmu cannot close to them: ${reason}`, {
      cause,
    });
  }
}

function problem(): string | undefined {
  if (process.platform !== "linux") return `this is ${process.platform}`;
  const user = process.getuid?.();
  if (user !== 0) return `this is the user ${user}`;
  const missing = missingCapabilities(readFileSync("/proc/self/status", "latin1"));
  if (missing.length > 0) return `it has not ${missing.join(", ")}`;
  // Whoever they are, they would be killed with a function.
  return readdirSync("/proc").some(isOfFunctionUser)
    ? "users that it would take, 20000 to 59999, run something"
    : undefined;
}

function isOfFunctionUser(name: string): boolean {
  if (!/^\d+$/.test(name)) return false;
  const process = statSync(`/proc/${name}`, { throwIfNoEntry: false });
  return process !== undefined && isFunctionUser(process.uid);
}

/** @param status as `/proc/<pid>/status` has it */
export function missingCapabilities(status: string): readonly string[] {
  const effective = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0"}`);
  return [...needed].flatMap(([bit, name]) => (((effective >> BigInt(bit)) & 1n) === 1n ? [] : [name]));
}
