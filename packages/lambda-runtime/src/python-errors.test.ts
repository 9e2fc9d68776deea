import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { json, Lab, request } from "./temporary-function.test.fixture.ts";

let lab: Lab;

beforeAll(() => {
  lab = new Lab();
});

afterAll(() => lab.dispose());

describe("an error of a function for Python", () => {
  test("has its type, its message and the function's own frames, and the environment goes on", async () => {
    const pool = lab.deployPython(`
def inner():
    raise ValueError("not good")
def handler(event, context):
    return inner() if event.get("fail") else "good"`);
    const failed = await pool.invoke(request({ fail: true }));
    expect(failed.functionError).toEqual({ kind: "Unhandled", cause: "handler" });
    const file = expect.stringMatching(/^ {2}File "\/.*\/app\.py", line 5, in handler\n {4}return inner\(\) if .*\n$/);
    expect(json(failed)).toEqual({
      errorMessage: "not good",
      errorType: "ValueError",
      requestId: failed.requestId,
      stackTrace: [file, expect.stringMatching(/app\.py", line 3, in inner\n {4}raise ValueError\("not good"\)\n$/)],
    });
    // AWS: the indentation is of no-break spaces.
    expect(failed.logTail).toMatch(
      /\n\[ERROR\] ValueError: not good\nTraceback \(most recent call last\):\n\u00a0\u00a0File ".*\/app\.py", line 5, in handler\n\u00a0{4}return inner/,
    );
    expect(json(await pool.invoke(request()))).toBe("good");
  });

  test("may have whatever characters in its message", async () => {
    const pool = lab.deployPython("def handler(event, context):\n    raise ValueError(event)");
    for (const message of ["bad byte \x7f", "null \0 and line\nend", "größe \u{1f600} \u2028"]) {
      expect(json(await pool.invoke(request(message)))).toMatchObject({ errorMessage: message });
    }
    expect(lab.log.join("")).not.toContain("Failed to post");
  });

  test("ends the process where Python does", async () => {
    const pool = lab.deployPython("import sys\ndef handler(event, context):\n    sys.exit(event['status'])");
    const exit = async (status: number) => json(await pool.invoke(request({ status })));
    expect(await exit(3)).toMatchObject({
      errorType: "Runtime.ExitError",
      errorMessage: expect.stringMatching(/ Error: Runtime exited with error: exit status 3$/),
    });
    expect(await exit(0)).toMatchObject({
      errorMessage: expect.stringMatching(/ Error: Runtime exited without providing a reason$/),
    });
  });

  test("is told where the response is refused, and the process ends", async () => {
    const pool = lab.deployPython("def handler(event, context):\n    return 'x' * 7_000_000");
    const outcome = await pool.invoke(request());
    expect(json(outcome)).toMatchObject({ errorType: "Function.ResponseSizeTooLarge" });
    await lab.until(() => lab.log.join("").includes("RuntimeError: Failed to post invocation response\n"));
    expect(lab.log.join("")).toMatch(
      /\[ERROR\] \[\d+\] LAMBDA_RUNTIME Failed to post handler success response\. Http response code: 413\./,
    );
  });
});

describe("a function for Python that cannot be loaded", () => {
  test.each([
    [
      "a name without a dot",
      {},
      "handler",
      "Runtime.MalformedHandlerName",
      "Bad handler 'handler': not enough values to unpack (expected 2, got 1)",
    ],
    [
      "no such module",
      {},
      "app.handler",
      "Runtime.ImportModuleError",
      "Unable to import module 'app': No module named 'app'",
    ],
    [
      "a module that misses another",
      { "app.py": "import requestz" },
      "app.handler",
      "Runtime.ImportModuleError",
      "Unable to import module 'app': No module named 'requestz'",
    ],
    [
      "a module of Python's own",
      {},
      "sys.exit",
      "Runtime.BuiltInModuleConflict",
      "Cannot use built-in module sys as a handler module",
    ],
    [
      "no such function",
      { "src/app.py": "" },
      "src/app.main",
      "Runtime.HandlerNotFound",
      "Handler 'main' missing on module 'src/app'",
    ],
  ])("%s", async (_, files, handler, errorType, errorMessage) => {
    const outcome = await lab.deployPython({ "other.py": "", ...files }, { handler }).invoke(request());
    expect(outcome.functionError).toEqual({ kind: "Unhandled", cause: "init" });
    expect(json(outcome)).toEqual({ errorMessage, errorType, requestId: "", stackTrace: [] });
  });

  test("by its syntax", async () => {
    const outcome = await lab.deployPython("def handler(event, context)\n    return 1").invoke(request());
    expect(json(outcome)).toEqual({
      errorMessage: "Syntax error in module 'app': expected ':' (app.py, line 1)",
      errorType: "Runtime.UserCodeSyntaxError",
      requestId: "",
      stackTrace: [expect.stringMatching(/^ {2}File ".*\/app\.py" Line 1\n {4}def handler\(event, context\)\n$/)],
    });
  });

  test("by what it raises itself, with the warning that AWS gives", async () => {
    const outcome = await lab.deployPython("1 / 0").invoke(request());
    expect(json(outcome)).toMatchObject({
      errorMessage: "division by zero",
      errorType: "ZeroDivisionError",
      stackTrace: expect.arrayContaining([
        expect.stringMatching(/importlib\/__init__\.py", line \d+, in import_module/),
      ]),
    });
    expect(lab.log.join("")).toMatch(
      /\[WARNING\]\t\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\t\tLAMBDA_WARNING: Unhandled exception\. The most likely cause is /,
    );
  });

  test("by an exit, without an error of its own", async () => {
    const outcome = await lab.deployPython("raise SystemExit(4)").invoke(request());
    expect(json(outcome)).toMatchObject({ errorMessage: expect.stringMatching(/exit status 4$/) });
  });
});
