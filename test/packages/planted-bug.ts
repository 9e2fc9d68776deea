import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Installation } from "./installation.ts";

/** Changes the code of a project as somebody might by mistake. */
export function plantBug({ directory }: Installation, project: string, code: string, bug: string): void {
  const file = join(directory, project, "orders-handler.js");
  const text = readFileSync(file, "utf8");
  if (!text.includes(code)) throw new Error(`${file} has no ${code}`);
  writeFileSync(file, text.replace(code, bug));
}

/** What a runner wrote, without what differs from run to run, or from one version of Node.js to the next. */
export function withoutChance(output: string, { directory }: Installation): string {
  return output
    .replace(/\n +at .*node:internal[^]*$/, "\n")
    .replaceAll(directory, "<project>")
    .replaceAll(/\bat .+ \((.+)\)$/gm, "at $1")
    .replaceAll(/\d\d:\d\d:\d\d\.\d{3}/g, "<time>")
    .replaceAll(/…\d{12}/g, "<sequence number>")
    .replaceAll(/\b[0-9a-f]{8}\b/g, "<id>")
    .replaceAll(/ \(?[\d.]+ ?ms\)?/g, " <ms>")
    .replaceAll(/^(Time:|ℹ duration_ms) .*$/gm, "$1 <time>")
    .replaceAll(/[ \t]+$/gm, "");
}
