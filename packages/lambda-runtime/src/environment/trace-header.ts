/**
 * The tracing header that a function sees.
 * AWS: the root and the decision of the caller are kept, the parent is the function's own segment; without a header the
 * trace begins here and is not sampled (AWS docs).
 *
 * @param epochMs for the time that a new root carries
 */
export function functionTraceHeader(given: string | undefined, newId: () => string, epochMs: number): string {
  let root: string | undefined;
  let sampled = "0";
  let others = "";
  for (const field of given === undefined ? [] : given.split(";")) {
    const at = field.indexOf("=");
    const name = field.slice(0, Math.max(0, at)).trim();
    const value = field.slice(at + 1).trim();
    if (name === "Root") root = value;
    else if (name === "Sampled") sampled = value === "1" ? "1" : "0";
    else if (name !== "" && name !== "Parent" && name !== "Self") others += `;${name}=${value}`;
  }
  root ??= `1-${Math.floor(epochMs / 1000)
    .toString(16)
    .padStart(8, "0")}-${hex(newId, 24)}`;
  return `Root=${root};Parent=${hex(newId, 16)};Sampled=${sampled}${others}`;
}

function hex(newId: () => string, digits: number): string {
  return newId().replaceAll("-", "").slice(-digits);
}
