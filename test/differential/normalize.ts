import type { Observation, WireRequest } from "./case.ts";
import type { Run } from "./observe.ts";
import type { RecordedRequest } from "./recording-proxy.ts";

export interface Names {
  readonly taskRoot: string;
  /** Folders of the client. */
  readonly clientRoots: readonly string[];
  /** Request ids, in the order of the events. */
  readonly ids: readonly string[];
}

const LOGGED = /^(?:\d{4}-\d\d-\d\dT[\d:.]+Z\t|\{"timestamp")/;
const OF_PLATFORM = /^(?:INIT_START|START|END|REPORT|INIT_REPORT|RequestId:|<time> <id|LocalEmu:)/;
/** Of a response that broke off: whether the end of the process or of the connection is seen first is chance. */
const CUT = { payload: "<the response broke off>", failed: "truncatedResponse or exit" };
const CHANCE: ReadonlySet<string> = new Set(["truncatedResponse", "exit"]);
const FRAME = /^\s+at /;
const FRAMES_OF_CAUSE = /^\s+\.\.\. \d+ lines matching cause stack trace/;

/** Makes what was seen comparable: names instead of what changes from run to run, and no stack frames but the function's own. */
export function normalizer(names: Names): (requests: readonly RecordedRequest[], run: Run) => Observation {
  const text = (raw: string): string => withoutFrames(replaceNames(raw, names));
  const value = (raw: unknown): unknown => {
    if (typeof raw === "string") return withAppended(raw, text, value);
    if (Array.isArray(raw)) return raw.filter((item) => !isForeign(item, names)).map(value);
    if (typeof raw !== "object" || raw === null) return raw;
    return Object.fromEntries(Object.entries(raw).map(([key, item]) => [key, value(item)]));
  };
  const body = (raw: string): unknown => {
    const parsed = parseJson(raw);
    return parsed === undefined ? text(raw) : { json: value(parsed) };
  };
  const headers = (raw: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(
      Object.entries(raw)
        .filter(([name]) => /^(?:lambda-runtime-|content-type$|transfer-encoding$|trailer$)/.test(name))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, field]) => [name, fieldValue(name, String(field), body)]),
    );
  const request = ({ path, headers: fields, body: bytes, trailers, broken }: RecordedRequest): WireRequest => ({
    path: path.replace(/^\/2018-06-01\/runtime\/(?:invocation\/[^/]+\/)?/, ""),
    headers: headers(fields),
    body: body(bytes.toString("utf8")),
    ...(Object.keys(trailers).length === 0 ? {} : { trailers: headers(trailers) }),
    ...(broken ? { broken } : {}),
  });
  return (requests, { outcomes, log, exits }) => {
    const lines = log.map((line) => line.replace(/\n$/, ""));
    const cut = requests.some(({ broken }) => broken);
    return {
      requests: requests.map(request),
      outcomes: outcomes.map((outcome) =>
        cut && CHANCE.has(outcome.failed ?? "") ? CUT : { ...outcome, payload: body(outcome.payload) },
      ),
      log: lines.filter((line) => LOGGED.test(line)).map((line) => logLine(line, text, value)),
      output: withoutSource(lines.filter((line) => !LOGGED.test(line)).map(text)).filter(
        (line) => !OF_PLATFORM.test(line) && line !== "",
      ),
      exits: cut ? [] : exits,
    };
  };
}

function fieldValue(name: string, raw: string, body: (raw: string) => unknown): unknown {
  if (name === "lambda-runtime-function-error-body") return body(Buffer.from(raw, "base64").toString("utf8"));
  return body(Buffer.from(raw, "latin1").toString("utf8"));
}

function logLine(line: string, text: (raw: string) => string, value: (raw: unknown) => unknown): unknown {
  const json = parseJson(line);
  return json === undefined ? withAppended(line, text, value) : { json: value(json) };
}

/** What the client appends to `Invoke Error` and the like is JSON. */
function withAppended(raw: string, text: (raw: string) => string, value: (raw: unknown) => unknown): unknown {
  const match = /^(.*(?:Error|Exception|Rejection) \t)(\{.*\})$/s.exec(raw);
  const appended = match?.[2] === undefined ? undefined : parseJson(match[2]);
  return appended === undefined ? text(raw) : { text: text(match?.[1] ?? ""), json: value(appended) };
}

function parseJson(raw: string): unknown {
  if (!/^[[{]/.test(raw)) return undefined;
  try {
    const parsed: unknown = JSON.parse(raw);
    return parsed;
  } catch {
    return undefined;
  }
}

function replaceNames(raw: string, { taskRoot, clientRoots, ids }: Names): string {
  let named = raw.replaceAll(taskRoot, "<task>");
  for (const root of clientRoots) named = named.replaceAll(root, "<client>");
  ids.forEach((id, index) => {
    named = named.replaceAll(id, `<id ${index + 1}>`);
  });
  return named
    .replaceAll(/- (?:file:\/\/)?<client>\S*/g, "- <client>")
    .replaceAll(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "<time>")
    .replaceAll(/imported from (?:file:\/\/)?<client>\S*/g, "imported from <client>")
    .replaceAll(/(.)\1{99,}/g, (run: string, character: string) => `<${character} × ${run.length}>`)
    .replaceAll(/\[\d{13}\]/g, "[<ms>]")
    .replaceAll(/Node\.js v[\d.]+/g, "Node.js v<version>");
}

function withoutFrames(named: string): string {
  const newline = named.includes("\r") ? "\r" : "\n";
  return named
    .split(newline)
    .filter((line) => !FRAME.test(line) || line.includes("<task>"))
    .filter((line) => !FRAMES_OF_CAUSE.test(line))
    .join(newline);
}

/** Where Node shows a line of the client's own code: its place, the line, and what points into it. */
function withoutSource(lines: readonly string[]): string[] {
  const shown = (line: string): boolean => /^(?:file:\/\/)?<client>\S*:\d+$/.test(line);
  return lines.filter(
    (line, index) =>
      !shown(line) && !shown(lines[index - 1] ?? "") && !(shown(lines[index - 2] ?? "") && /^\s*\^+$/.test(line)),
  );
}

/** A stack frame that is not the function's own: a line of a stack, an entry of an X-Ray cause, or one of its paths. */
function isForeign(item: unknown, { taskRoot }: Names): boolean {
  if (typeof item === "string")
    return (FRAME.test(item) || /^(?:node|file|\/.*)$/.test(item)) && !item.includes(taskRoot);
  if (typeof item !== "object" || item === null) return false;
  return "label" in item && "path" in item && !String(item.path).includes(taskRoot);
}
