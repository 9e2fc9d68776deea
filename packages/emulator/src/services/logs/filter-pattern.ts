import { logsError } from "./logs-error.ts";

export type LogFilter = (message: string) => boolean;

const termPattern = /([-?]?)(?:"((?:[^"\\]|\\.)*)"|([^\s"]+))\s*/y;

/**
 * A filter from a pattern of terms: `ERROR`, `"a phrase"`, `?either ?or`, `-not`. Terms are case-sensitive and all must be
 * in the message. Throws InvalidParameterException for the forms that are not evaluated here: `{ $.json }`, `[columns]` and `%regex%`.
 */
export function compileFilterPattern(pattern: string | undefined): LogFilter {
  const text = pattern?.trim() ?? "";
  if (text === "") return () => true;
  refuseOtherForms(text);
  const included: string[] = [];
  const optional: string[] = [];
  const excluded: string[] = [];
  termPattern.lastIndex = 0;
  while (termPattern.lastIndex < text.length) {
    const match = termPattern.exec(text);
    if (match === null) throw logsError("InvalidParameterException", "Invalid filter pattern");
    const [, sign = "", quoted, plain = ""] = match;
    const term = quoted === undefined ? plain : quoted.replaceAll(/\\(.)/g, "$1");
    (sign === "-" ? excluded : sign === "?" ? optional : included).push(term);
  }
  // AWS: `?` terms are ignored when they are combined with others (AWS docs, filter pattern syntax).
  const either = included.length + excluded.length > 0 ? [] : optional;
  return (message) =>
    included.every((term) => message.includes(term)) &&
    !excluded.some((term) => message.includes(term)) &&
    (either.length === 0 || either.some((term) => message.includes(term)));
}

function refuseOtherForms(text: string): void {
  const form = text.startsWith("{")
    ? "JSON patterns ({ $.name = … })"
    : text.startsWith("[")
      ? "patterns of columns ([a, b, …])"
      : text.startsWith("%")
        ? "regular expressions (%…%)"
        : undefined;
  if (form === undefined) return;
  throw logsError(
    "InvalidParameterException",
    `LocalEmu filters log events by terms and quoted phrases; it does not evaluate ${form}.`,
  );
}
