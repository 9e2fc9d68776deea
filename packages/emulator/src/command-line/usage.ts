import { version } from "../version.ts";

/** What `localemu --help` prints. */
export const usage: string = `LocalEmu ${version}: an AWS emulator for testing stream processing

  localemu start [--port <port>] [--host <address>] [--data-dir <path>]
                 [--log-level <level>] [--log-format text|json]
                                          runs the emulator in the foreground
  localemu timeline [--by-shard] <file>   shows a saved timeline; - is standard input
  localemu --version                      prints the version
  localemu --help                         prints this

Options can be given as environment variables too, e.g. LOCALEMU_PORT=4566.
A timeline is what GET /_localemu/timeline answers.`;
