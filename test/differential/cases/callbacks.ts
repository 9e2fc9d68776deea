import type { Case } from "../case.ts";

const of3 = (name: string, body: string, more: Partial<Case> = {}): Case => ({
  name: `callback: ${name}`,
  files: body.includes("exports.") ? body : `exports.handler = (event, context, callback) => { ${body} };`,
  generation: 3,
  ...more,
});

/** Of nodejs22.x and older. */
export const callbackCases: readonly Case[] = [
  of3("result", "callback(null, { got: event });", { invokes: [{ event: { n: 1 } }, { event: { n: 2 } }] }),
  of3("no arguments", "callback();"),
  of3("error", "callback(new TypeError('called back'));", { invokes: [{}, {}] }),
  of3("text as an error", "callback('a text');"),
  of3("false as an error", "callback(false);"),
  of3("undefined and a result", "callback(undefined, 'x');"),
  of3("error and a result", "callback('error', 'result');"),
  of3("later", "setTimeout(callback, 5, null, 'later');"),
  of3("twice", "callback(null, 1); callback(null, 2);", { invokes: [{}, {}] }),
  of3("error after a result", "callback(null, 1); callback(new Error('late'));", { invokes: [{}, {}] }),
  of3("after done", "context.done(null, 'done'); callback(null, 'callback');", { invokes: [{}, {}] }),
  of3("result that is no JSON", "const c = {}; c.c = c; callback(null, c);"),
  of3(
    "result that is no JSON, not waiting",
    "const c = {}; c.c = c; context.callbackWaitsForEmptyEventLoop = false; callback(null, c);",
  ),
  of3("result that is a function", "callback(null, () => 1);"),
  of3("never, and nothing left to do", "setTimeout(() => {}, 5);", { invokes: [{}, {}] }),
  of3("never, plain result is ignored", "return 'ignored';"),
  of3("throws", "throw new RangeError('thrown');", { invokes: [{}, {}] }),
  of3("throws after the callback", "callback(null, 1); throw new Error('too late');", { invokes: [{}, {}] }),
  of3("throws later", "setTimeout(() => { throw new Error('later'); }, 5);"),
  of3(
    "throws later, after the callback",
    "setTimeout(() => { throw new Error('later'); }, 5); callback(null, 'called');",
  ),
  of3("done with a result", "context.done(null, { done: true });", { invokes: [{}, {}] }),
  of3("done with an error", "context.done(new Error('done'));"),
  of3("done with undefined", "context.done();"),
  of3("succeed", "context.succeed({ fine: true });", { invokes: [{}, {}] }),
  of3("succeed later", "setTimeout(() => context.succeed('later'), 5);"),
  of3("succeed with what is no JSON", "const c = {}; c.c = c; context.succeed(c);"),
  of3("fail with an error", "context.fail(new TypeError('failed'));", { invokes: [{}, {}] }),
  of3("fail with a text", "context.fail('text');"),
  of3("fail with nothing", "context.fail();"),
  of3("fail with null", "context.fail(null);"),
  of3(
    "waits for an empty event loop",
    `let left = 0; exports.handler = (event, context, callback) => { context.callbackWaitsForEmptyEventLoop = event.wait;
       const before = left; setTimeout(() => { left += 1; }, event.wait ? 30 : 1000); callback(null, { before, left: { toJSON: () => left } }); };`,
    { invokes: [{ event: { wait: true } }, { event: { wait: false } }, { event: { wait: true } }] },
  ),
  of3(
    "value of callbackWaitsForEmptyEventLoop",
    "const before = context.callbackWaitsForEmptyEventLoop; context.callbackWaitsForEmptyEventLoop = 0; callback(null, [before, context.callbackWaitsForEmptyEventLoop]);",
  ),
  of3(
    "context keys",
    "context.done(null, [Object.keys(context), callback.length, typeof callback, arguments.length]);",
    {
      files:
        "exports.handler = function (event, context, callback) { context.done(null, [Object.keys(context), callback.length, typeof callback, arguments.length]); };",
    },
  ),
  of3(
    "async and callback",
    "exports.handler = async (event, context, callback) => { callback(null, 'called'); return 'returned'; };",
    { invokes: [{}, {}] },
  ),
  of3(
    "async and callback with an error",
    "exports.handler = async (event, context, callback) => { callback(new Error('called')); return 'returned'; };",
    { invokes: [{}, {}] },
  ),
  of3(
    "async, result does not wait",
    "let left = 0; exports.handler = async () => { const before = left; setTimeout(() => { left += 1; }, 300); return before; };",
    { invokes: [{}, {}] },
  ),
  of3("thenable without catch", "return { then: (resolve) => { resolve('x'); } };"),
  of3("rejected with nothing", "return Promise.reject();"),
  of3("rejected with null", "return Promise.reject(null);"),
  of3(
    "beforeExit of the function",
    "let n = 0; process.on('beforeExit', () => { n += 1; }); exports.handler = (event, context, callback) => { callback(null, { toJSON: () => n > 0 }); };",
    { invokes: [{}, {}] },
  ),
  of3("in a module", "", {
    files: { "index.mjs": "export const handler = (event, context, callback) => callback(null, 'module');" },
  }),
  of3("in nodejs20.x", "callback(null, process.env.AWS_EXECUTION_ENV);", { spec: { runtime: "nodejs20.x" } }),
];
