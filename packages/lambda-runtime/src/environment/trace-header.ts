/**
 * The tracing header that a function sees.
 * AWS: the root and the decision of the caller are kept, the parent is the function's own segment; without a header the
 * trace begins here and is not sampled (AWS docs).
 *
 * @param epochMs for the time that a new root carries
 */
export function functionTraceHeader(given: string | undefined, newId: () => string, epochMs: number): string {
  const fields = new Map<string, string>();
  for (const field of (given ?? "").split(";")) {
    const at = field.indexOf("=");
    if (at > 0) fields.set(field.slice(0, at).trim(), field.slice(at + 1).trim());
  }
  const { Root, Parent: _parent, Sampled, Self: _self, ...more } = Object.fromEntries(fields);
  const seconds = Math.floor(epochMs / 1000);
  const root = Root ?? `1-${seconds.toString(16).padStart(8, "0")}-${hex(newId, 24)}`;
  const others = Object.entries(more).map(([name, value]) => `;${name}=${value}`);
  return `Root=${root};Parent=${hex(newId, 16)};Sampled=${Sampled === "1" ? "1" : "0"}${others.join("")}`;
}

function hex(newId: () => string, digits: number): string {
  return newId().replaceAll("-", "").slice(-digits);
}
