import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { OptionError } from "../options.ts";
import { readTimeline, TimelineError } from "./read-timeline.ts";
import { renderTimeline } from "./render-timeline.ts";

/**
 * `localemu timeline [--by-shard] <file>`: a saved timeline as a text for people; `-` reads `input`.
 * Throws OptionError for arguments that make no sense, a file that cannot be read and a line that is no entry.
 */
export async function timelineCommand(args: readonly string[], input: NodeJS.ReadableStream): Promise<string> {
  const { file, byShard } = readArguments(args);
  const saved = file === "-" ? await text(input) : await contentOf(file);
  try {
    return renderTimeline(readTimeline(saved), { byShard });
  } catch (error) {
    if (error instanceof TimelineError) {
      throw new OptionError(`${file === "-" ? "standard input" : file}: ${error.message}`);
    }
    throw error;
  }
}

function readArguments(args: readonly string[]): { readonly file: string; readonly byShard: boolean } {
  let file: string | undefined;
  let byShard = false;
  for (const argument of args) {
    if (argument === "--by-shard") byShard = true;
    else if (argument.startsWith("-") && argument !== "-") {
      throw new OptionError(`unknown option ${argument}; see localemu --help`);
    } else if (file === undefined) file = argument;
    else throw new OptionError(`timeline takes one file, and ${argument} is another`);
  }
  if (file === undefined) throw new OptionError("timeline needs a file, or - for standard input; see localemu --help");
  return { file, byShard };
}

async function contentOf(file: string): Promise<string> {
  try {
    return await readFile(file, "utf8");
  } catch (error) {
    throw new OptionError(`timeline cannot be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
