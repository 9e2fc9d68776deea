import { access, constants, mkdir } from "node:fs/promises";
import { OptionError } from "../options.ts";

/** Makes the directory where it is missing. Throws OptionError, naming its option, where it cannot be written to. */
export async function assertWritableDirectory(source: string, path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
    await access(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new OptionError(
      `${source} must be a directory that can be written to, not ${JSON.stringify(path)} (${problem})`,
    );
  }
}
