/** How values of options are written as texts. What an option cannot be may come out: its rule says so. */
export const integerOf = (text: string): number => (/^-?\d+$/.test(text.trim()) ? Number(text) : Number.NaN);
export const switches: ReadonlyMap<string, boolean> = new Map([
  ["1", true],
  ["true", true],
  ["0", false],
  ["false", false],
]);
export const numberOf = (text: string): number => (text.trim() === "" ? Number.NaN : Number(text));
export const listOf = (text: string): string[] =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");

/** Text where it is no JSON, which a rule then refuses. */
export function jsonOf(text: string): Record<string, string> | string {
  try {
    return { ...JSON.parse(text) };
  } catch {
    return text;
  }
}
