import type { Generation, Observation } from "./case.ts";

/** A difference on purpose; docs/node-runtime.md lists them. */
export interface Accepted {
  readonly generation: Generation;
  /** Of the case. */
  readonly name: string;
  readonly reason: string;
  /** Turns what AWS's client does into what ours does. */
  readonly adjust: (official: Observation) => Observation;
}

export const accepted: readonly Accepted[] = [
  {
    generation: 4,
    name: "console: tenant in JSON",
    reason: "aws-lambda-ric 4.0.2 does not log the tenant; Lambda's documentation says that logs in JSON have it",
    adjust: (official) => {
      const [first, ...rest] = official.log;
      return { ...official, log: [withTenant(first), ...rest] };
    },
  },
  ...["handler: streaming tag that is none", "handler: streaming tag that is false"].map((name) => ({
    generation: 3 as const,
    name,
    reason: "aws-lambda-ric 3.3.0 fails to make the error, with a ReferenceError; ours makes it",
    adjust: (official: Observation) =>
      rewritten(official, [
        ["ReferenceError", "Runtime.MalformedStreamingHandler"],
        ["MalformedStreamingHandler is not defined", "Only response streaming is supported."],
      ]),
  })),
];

function withTenant(line: unknown): unknown {
  if (typeof line !== "object" || line === null || !("json" in line)) return line;
  return { json: Object.assign({}, line.json, { tenantId: "blue" }) };
}

function rewritten(official: Observation, texts: readonly (readonly [string, string])[]): Observation {
  let json = JSON.stringify(official);
  for (const [from, to] of texts) json = json.replaceAll(from, to);
  const observation: Observation = JSON.parse(json);
  return observation;
}
