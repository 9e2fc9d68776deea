import type { Case } from "../case.ts";

export const contextCases: readonly Case[] = [
  {
    name: "context: members",
    files: `exports.handler = async (event, context) => ({
      keys: Object.keys(context), types: Object.fromEntries(Object.entries(context).map(([key, value]) => [key, typeof value])),
      context: { ...context, logStreamName: undefined, xRayTraceId: undefined }, proto: Object.getPrototypeOf(context) === Object.prototype,
      remaining: context.getRemainingTimeInMillis() > 1000, arguments: event.x });`,
    invokes: [
      {},
      {
        clientContext: '{"custom":{"\u00e4":"\u00f6"},"client":{}}',
        cognitoIdentity: '{"cognitoIdentityId":"id","cognitoIdentityPoolId":"pool"}',
        tenantId: "blue",
      },
    ],
  },
  {
    name: "context: trace id",
    files: `exports.handler = async (event, context) => [process.env._X_AMZN_TRACE_ID === undefined, context.xRayTraceId === undefined || context.xRayTraceId === process.env._X_AMZN_TRACE_ID];`,
    invokes: [{ traceId: "Root=1-5e1b4151-5ac6c58f5b1daa6e3c1c3f5a;Parent=0123456789abcdef;Sampled=0" }, {}],
  },
  {
    name: "context: client context that is no JSON",
    files: "exports.handler = async () => 1;",
    invokes: [{ clientContext: "{" }],
  },
  {
    name: "context: number of arguments",
    files:
      "exports.handler = async function () { return [arguments.length, [...arguments].map((argument) => typeof argument)]; };",
  },
  {
    name: "context: environment changed by the function",
    files: `exports.handler = async (event, context) => { process.env.AWS_LAMBDA_FUNCTION_NAME = "renamed"; return context.functionName; };`,
    invokes: [{}, {}],
  },
  {
    name: "context: environment",
    files: `exports.handler = async () => Object.keys(process.env).filter((name) => /^(_|AWS_LAMBDA|LAMBDA)/.test(name)).sort();`,
  },
  {
    name: "context: callbackWaitsForEmptyEventLoop is there to be set",
    files: `exports.handler = async (event, context) => { const before = context.callbackWaitsForEmptyEventLoop; context.callbackWaitsForEmptyEventLoop = false; return [String(before), context.callbackWaitsForEmptyEventLoop]; };`,
  },
  {
    name: "globals: awslambda",
    files: `const seen = Object.keys(awslambda).sort();
      exports.handler = async () => ({ seen, types: seen.map((name) => typeof awslambda[name]), store: typeof awslambda.InvokeStore?.getRequestId,
        from: typeof awslambda.HttpResponseStream.from });`,
  },
  {
    name: "globals: no awslambda",
    files: `exports.handler = async () => typeof awslambda;`,
    environment: { AWS_LAMBDA_NODEJS_NO_GLOBAL_AWSLAMBDA: "true" },
  },
  {
    name: "globals: InvokeStore",
    files: `const store = awslambda.InvokeStore; const before = [store.hasContext(), store.getContext(), store.getRequestId()];
      exports.handler = async (event) => {
        const id = Symbol.for("_AWS_LAMBDA_REQUEST_ID");
        let refused; try { store.set(id, "x"); } catch (error) { refused = error.message; }
        const kept = store.get("mine"); store.set("mine", event.n);
        const context = store.getContext(); context.direct = 1;
        return { before, has: store.hasContext(), id: store.getRequestId(), same: store.get(id) === store.getRequestId(), refused, kept: kept ?? null,
          mine: store.get("mine"), direct: store.get("direct"), keys: Reflect.ownKeys(context).filter((key) => typeof key === "string"), run: store.run({ a: 1 }, () => store.get("a")),
          after: store.get("mine") ?? null };
      };`,
    generation: 4,
    invokes: [{ event: { n: 1 } }, { event: { n: 2 } }],
  },
  {
    name: "globals: request id of RIC 3",
    files: `const id = Symbol.for("aws.lambda.runtime.requestId"); const before = String(globalThis[id]);
      exports.handler = async (event, context) => [before, globalThis[id] === context.awsRequestId, String(globalThis[Symbol.for("aws.lambda.runtime.tenantId")])];`,
    generation: 3,
    invokes: [{}, { tenantId: "blue" }],
  },
];
