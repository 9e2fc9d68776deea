/**
 * How often a property is tried: `usual` times, or as often as LOCALEMU_PROPERTY_RUNS says, with time enough for that.
 * The time-out is in milliseconds.
 */
export function propertyRuns(usual: number): { readonly numRuns: number; readonly timeout: number } {
  const wanted = Number(process.env["LOCALEMU_PROPERTY_RUNS"] ?? usual);
  if (!Number.isInteger(wanted) || wanted < 1) throw new Error("LOCALEMU_PROPERTY_RUNS must be a whole number");
  return { numRuns: wanted, timeout: 60_000 + 100 * wanted };
}
