import fc from "fast-check";
import { signature } from "../../emulator/raw-http.ts";
import { mutated, times } from "../bytes.ts";
import { campaign } from "../campaign.ts";
import { sendHttp } from "../send.ts";
import { lambdaCalls, targetCalls } from "./seed-calls.ts";
import type { SeedCall } from "./seed-calls.ts";

const depth = 20_000;

/** JSON that stands where another value did. */
const oddValues = [
  "null",
  "[]",
  "{}",
  "-0",
  "1e400",
  "-1",
  "0.5",
  "9007199254740993",
  "1e308",
  "123456789012345678901234567890",
  '""',
  '"\\ud800"',
  '"\\udfff\\ud800"',
  '"\\u0000"',
  '"__proto__"',
  '"../../etc/passwd"',
  '"arn:aws:lambda:::function"',
  '"arn:aws:kinesis:us-east-1:000000000000:stream/../x"',
  '{"__proto__":{"a":1}}',
  '{"constructor":{"prototype":{"a":1}}}',
  '{"toString":1,"valueOf":1,"then":1,"toJSON":1}',
  '{"a":1,"a":2}',
  "[null]",
  "[[[]]]",
  "[1,{}]",
  `"${times("x", 300_000)}"`,
  times("[", depth) + times("]", depth),
  times('{"a":', depth) + "1" + times("}", depth),
  times('{"M":{"a":', 2_000) + '{"S":""}' + times("}}", 2_000),
  times('{"L":[', 2_000) + times("]}", 2_000),
];

const oddMembers = ["__proto__", "constructor", "toString", "then", "", "a".repeat(1_000), "\\ud800"];

/** The text of a value's JSON with one of its values, or members, made another. */
function oddly(input: object): fc.Arbitrary<string> {
  const text = JSON.stringify(input);
  const places = [...text.matchAll(/"(?:[^"\\]|\\.)*"(?!:)|-?\d[\d.e+]*(?=[,}\]])|true|false|\{|\[/g)];
  const replaced = fc.tuple(fc.constantFrom(...places), fc.constantFrom(...oddValues)).map(([found, value]) => {
    const end = "{[".includes(found[0]) ? closing(text, found.index) : found.index + found[0].length;
    return text.slice(0, found.index) + value + text.slice(end);
  });
  const added = fc
    .tuple(fc.constantFrom(...oddMembers), fc.constantFrom(...oddValues))
    .map(([name, value]) => `{"${name}":${value},${text.slice(1)}`);
  return fc.oneof({ weight: 4, arbitrary: replaced }, { weight: 1, arbitrary: added });
}

/** Where the object or list that begins at `from` is over. */
function closing(text: string, from: number): number {
  let open = 0;
  let quoted = false;
  for (let at = from; at < text.length; at++) {
    const character = text[at] ?? "";
    if (character === "\\") at++;
    else if (character === '"') quoted = !quoted;
    else if (!quoted && "{[".includes(character)) open++;
    else if (!quoted && "}]".includes(character) && --open === 0) return at + 1;
  }
  return text.length;
}

const tokens = ["\\ud800", "\xff\xfe", "\xc0\x80", '"', "{", "[", ",", ":", "\\", "1e999", "__proto__", "null"];

interface JsonInput {
  readonly call: SeedCall;
  readonly body: Uint8Array | string;
}

const input: fc.Arbitrary<JsonInput> = fc.constantFrom(...targetCalls, ...lambdaCalls).chain((call) =>
  fc.record({
    call: fc.constant(call),
    body: fc.oneof(
      { weight: 5, arbitrary: oddly(call.input) },
      { weight: 2, arbitrary: mutated([Buffer.from(JSON.stringify(call.input))], tokens) },
      { weight: 1, arbitrary: fc.constantFrom(...oddValues) },
    ),
  }),
);

export const json = campaign("JSON documents", {
  inputs: input,
  send: (endpoint, { call, body }) => {
    const { service, target } = call;
    const [method = "POST", path = "/"] = target.includes(" ") ? target.split(" ") : ["POST", "/"];
    const headers = {
      ...signature(service),
      "content-type":
        service === "kinesis" || service === "logs" ? "application/x-amz-json-1.1" : "application/x-amz-json-1.0",
      ...(target.includes(" ") ? {} : { "x-amz-target": target }),
    };
    return sendHttp(endpoint, { method, path, headers, body });
  },
});
