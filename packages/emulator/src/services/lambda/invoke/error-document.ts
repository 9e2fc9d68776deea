/** `errorType: errorMessage` of the document that a failed function left, or undefined where it is none. */
export function describeErrorDocument(payload: Uint8Array): string | undefined {
  const document = parseJson(new TextDecoder().decode(payload));
  if (typeof document !== "object" || document === null) return undefined;
  const type = "errorType" in document && typeof document.errorType === "string" ? document.errorType : undefined;
  const message =
    "errorMessage" in document && typeof document.errorMessage === "string" ? document.errorMessage : undefined;
  if (type === undefined) return message;
  return message === undefined ? type : `${type}: ${message}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A function may post anything as its error.
    return undefined;
  }
}
