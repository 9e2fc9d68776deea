/** The error that a call of an SDK client ends with, as `status Name: message`. */
export async function failureOf(call: Promise<unknown>): Promise<string> {
  try {
    await call;
  } catch (error) {
    if (error instanceof Error && "$metadata" in error) {
      const { name, message, $metadata } = error;
      return `${statusOf($metadata)} ${name}: ${message}`;
    }
    throw error;
  }
  return "no failure";
}

function statusOf(metadata: unknown): string {
  const known = typeof metadata === "object" && metadata !== null && "httpStatusCode" in metadata;
  return known ? String(metadata.httpStatusCode) : "no status";
}

/** `items` as the one ValidationException that tells them all. */
export function validation(...items: readonly string[]): string {
  const errors = items.length === 1 ? "error" : "errors";
  return `400 ValidationException: ${items.length} validation ${errors} detected: ${items.join("; ")}`;
}

/** One item of a ValidationException; `value` is as AWS prints it, without quotes. */
export function violation(value: string | null, path: string, rule: string): string {
  return `Value ${value === null ? "null" : `'${value}'`} at '${path}' failed to satisfy constraint: ${rule}`;
}

export const mustNotBeNull = (path: string): string => violation(null, path, "Member must not be null");
