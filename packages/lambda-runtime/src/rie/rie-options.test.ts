import { describe, expect, test } from "vitest";
import { rieOptions } from "./rie-options.ts";

const none = () => "directory" as const;
const all = () => "file" as const;
const own = (path: string) => (path === "/fn/bootstrap" ? ("file" as const) : ("directory" as const));
const nothing = () => undefined;

describe("the command line", () => {
  test("has AWS's defaults", () => {
    const { host, port, spec, warnings } = rieOptions(["/fn", "index.handler"], {}, none);
    expect([host, port, warnings]).toEqual(["0.0.0.0", 8080, []]);
    expect(spec).toMatchObject({
      functionName: "test_function",
      version: "$LATEST",
      runtime: "nodejs24.x",
      handler: "index.handler",
      memorySizeMb: 3008,
      timeoutMs: 300_000,
      taskRoot: "/fn",
      logGroup: "/aws/lambda/Functions",
    });
  });

  test("and the environment say what is run", () => {
    const variables = {
      LAMBDA_TASK_ROOT: "/task",
      _HANDLER: "app.handler",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs22.x",
      AWS_LAMBDA_FUNCTION_NAME: "orders",
      AWS_LAMBDA_FUNCTION_VERSION: "7",
      AWS_LAMBDA_LOG_GROUP_NAME: "/orders",
      AWS_DEFAULT_REGION: "eu-north-1",
      AWS_ACCESS_KEY_ID: "key",
      AWS_SECRET_ACCESS_KEY: "secret",
      AWS_SESSION_TOKEN: "token",
      AWS_LAMBDA_FUNCTION_TIMEOUT: "7",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      TABLE: "t",
    };
    const { spec } = rieOptions([], variables, none);
    expect(spec).toMatchObject({
      functionName: "orders",
      version: "7",
      logGroup: "/orders",
      region: "eu-north-1",
      credentials: { accessKeyId: "key", secretAccessKey: "secret", sessionToken: "token" },
      runtime: "nodejs22.x",
      handler: "app.handler",
      memorySizeMb: 256,
      timeoutMs: 7000,
      taskRoot: "/task",
      environment: { TABLE: "t" },
    });
    expect(rieOptions(["/fn", "a.b"], variables, none).spec).toMatchObject({ taskRoot: "/fn", handler: "a.b" });
    const other = { ...variables, AWS_LAMBDA_FUNCTION_HANDLER: "other.handler", AWS_REGION: "eu-west-3" };
    expect(rieOptions([], other, none).spec).toMatchObject({ handler: "other.handler", region: "eu-west-3" });
  });

  test.each([["/fn"], ["/fn/bootstrap"]])("%s runs an own bootstrap", (place) => {
    expect(rieOptions([place], {}, own).spec).toMatchObject({ runtime: "provided.al2023", taskRoot: "/fn" });
  });

  test("takes AWS's options, and says which have no effect", () => {
    const args = ["--runtime-interface-emulator-address", "127.0.0.1:9000", "--log-level=debug", "/fn", "a.b"];
    const { host, port, warnings } = rieOptions(args, {}, none);
    expect([host, port]).toEqual(["127.0.0.1", 9000]);
    expect(warnings).toEqual([expect.stringMatching(/^--log-level has no effect/)]);
  });

  test.each([
    [["--bogus"], {}, none, "unknown option --bogus"],
    [["--log-level"], {}, none, "option --log-level needs a value"],
    [["--runtime-interface-emulator-address", "x", "/fn", "a.b"], {}, none, "x is no address such as 0.0.0.0:8080"],
    [["/fn"], {}, none, "which handler?"],
    [["/fn/main.js", "a.b"], {}, all, "/fn/main.js is neither a directory nor an executable named bootstrap"],
    [["/nowhere", "a.b"], {}, nothing, "/nowhere is neither a directory nor an executable named bootstrap"],
    [["index.handler"], {}, nothing, "index.handler is neither a directory nor an executable named bootstrap"],
    [
      ["/fn", "a.b"],
      { AWS_LAMBDA_FUNCTION_TIMEOUT: "soon" },
      none,
      "AWS_LAMBDA_FUNCTION_TIMEOUT must be a whole number",
    ],
  ] as const)("%j is refused", (args, variables, kindOf, message) => {
    expect(() => rieOptions(args, variables, kindOf)).toThrow(message);
  });
});
