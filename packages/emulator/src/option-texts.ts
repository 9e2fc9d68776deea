import { nearestName } from "./core/nearest-name.ts";

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

/**
 * Begin like ours and are not for us: what the test packages read, and what Kubernetes sets for services whose names begin with
 * localemu.
 */
const variablesOfOthers = /^LOCALEMU_(ENDPOINT|IMAGE|(\w+_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT_\d+_.*))$/;

/** Whether a variable is for others. Kubernetes puts a service's address into the variable where we have a port. */
export const isForOthers = (variable: string, text: string): boolean =>
  variablesOfOthers.test(variable) || (variable.endsWith("_PORT") && /^(tcp|udp|sctp):\/\//.test(text));

export function unknownVariable(variable: string, known: readonly string[]): string {
  const ours = known.filter((name) => name.startsWith("LOCALEMU_"));
  const meant = nearestName(variable, ours);
  return `unknown variable ${variable}; ${meant === undefined ? `there are ${ours.join(", ")}` : `did you mean ${meant}?`}`;
}
