import { expect } from "vitest";

/** Functions with a Timeout of a second that fail, each in its own way, and what their callers are told. */
export const failingFunctions: readonly [name: string, source: string, expected: object][] = [
  [
    "throws",
    `exports.handler = async () => { throw new TypeError("no"); };`,
    { errorType: "TypeError", errorMessage: "no", trace: expect.arrayContaining(["TypeError: no"]) },
  ],
  [
    "exits-with-a-status",
    "exports.handler = async () => process.exit(3);",
    {
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringMatching(/^RequestId: [\da-f-]{36} Error: Runtime exited with error: exit status 3$/),
    },
  ],
  [
    "exits",
    "exports.handler = async () => process.exit(0);",
    {
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringMatching(/^RequestId: [\da-f-]{36} Error: Runtime exited without providing a reason$/),
    },
  ],
  [
    "never-ends",
    "exports.handler = () => new Promise(() => setInterval(() => {}, 1e6));",
    {
      errorType: "Sandbox.Timedout",
      errorMessage: expect.stringMatching(/^RequestId: [\da-f-]{36} Error: Task timed out after 1\.00 seconds$/),
    },
  ],
  ["fails-at-load", `throw new Error("at load");`, { errorType: "Error", errorMessage: "at load" }],
  [
    "has-no-handler",
    "exports.other = 1;",
    { errorType: "Runtime.HandlerNotFound", errorMessage: "index.handler is undefined or not exported" },
  ],
  [
    "says-too-much",
    `exports.handler = async () => "x".repeat(6291557);`,
    {
      errorType: "Function.ResponseSizeTooLarge",
      errorMessage: "Response payload size exceeded maximum allowed payload size (6291556 bytes).",
    },
  ],
  [
    "is-killed",
    "exports.handler = async () => { process.kill(process.pid, 'SIGKILL'); await new Promise(() => setInterval(() => {}, 1e6)); };",
    {
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringMatching(/^RequestId: [\da-f-]{36} Error: Runtime exited with error: signal: killed$/),
    },
  ],
];
