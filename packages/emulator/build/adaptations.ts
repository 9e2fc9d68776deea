import { join } from "node:path";

/** What is changed in a file of a library while it is bundled. */
export interface Adaptation {
  /** Below the library's folder, with `/`. */
  readonly file: string;
  /** A pattern has the flag `g`. */
  readonly from: string | RegExp;
  readonly to: string;
  /** How often `from` is in the file. */
  readonly times: number;
}

/** The source of a file as the adaptations want it. Throws where one does not fit: another version must not slip through. */
export function adapt(adaptations: readonly Adaptation[], folder: string, path: string, source: string): string {
  const ofFile = adaptations.filter(({ file }) => path === join(folder, ...file.split("/")));
  return ofFile.reduce((adapted, { from, to, times }) => {
    const found = typeof from === "string" ? adapted.split(from).length - 1 : [...adapted.matchAll(from)].length;
    if (found !== times) throw new Error(`${path}: ${String(from)} was found ${found} times instead of ${times}`);
    // Given as a function, for a text has placeholders.
    return adapted.replaceAll(from, () => to);
  }, source);
}
