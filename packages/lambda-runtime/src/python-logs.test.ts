import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { Lab, request } from "./temporary-function.test.fixture.ts";

let lab: Lab;

beforeAll(() => {
  lab = new Lab();
});

beforeEach(() => {
  lab.log.length = 0;
});

afterAll(() => lab.dispose());

const deploy = (body: string, change: object = {}) =>
  lab.deployPython(`import logging, sys\nlog = logging.getLogger()\ndef handler(event, context):\n${body}`, change);

const own = () => lab.log.filter((line) => !/^(INIT_START|START|END|REPORT|\{"time")/.test(line));

const time = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z";

test("what is printed is a line each, what is logged is one event", async () => {
  const { requestId } = await deploy(`
    print("one")
    print("zwei ü", file=sys.stderr)
    log.info("not shown: the root logger begins at WARNING")
    log.warning("three\\nlines\\nhere")
    context.log("as it is")
  `).invoke(request());
  expect(own().toSorted()).toEqual([
    expect.stringMatching(new RegExp(`^\\[WARNING\\]\\t${time}\\t${requestId}\\tthree\\nlines\\nhere\\n$`)),
    "as it is\n",
    "one\n",
    "zwei ü\n",
  ]);
});

test("JSON has AWS's members, and those that the function adds", async () => {
  const outcome = await deploy(
    `
    log.debug("not shown")
    logging.getLogger("mine").info("hello %s", "world", extra={"order": 7, "taken": None})
    try:
        {}["é"]
    except KeyError:
        log.exception("failed")
    raise ValueError("at last")
  `,
    { logFormat: "JSON" },
  ).invoke(request({}, { tenantId: "blue" }));
  const lines: readonly unknown[] = own().map((line): unknown => JSON.parse(line));
  const marks = { requestId: outcome.requestId, tenantId: "blue" };
  const timestamp = expect.stringMatching(new RegExp(`^${time}$`));
  expect(lines).toEqual([
    { timestamp, level: "INFO", message: "hello world", logger: "mine", ...marks, order: 7 },
    {
      timestamp,
      level: "ERROR",
      message: "failed",
      logger: "root",
      stackTrace: [expect.stringMatching(/app\.py", line \d+, in handler/)],
      errorType: "KeyError",
      errorMessage: "'é'",
      ...marks,
      location: expect.stringMatching(/\/app\.py:handler:\d+$/),
    },
    {
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
      level: "ERROR",
      errorMessage: "at last",
      errorType: "ValueError",
      requestId: outcome.requestId,
      stackTrace: [expect.stringMatching(/in handler/)],
    },
  ]);
});

test.each([
  ["DEBUG", ["debug", "info", "error"]],
  ["TRACE", ["debug", "info", "error"]],
  ["ERROR", ["error"]],
])("the level %s keeps what is less severe out of the log", async (logLevel, expected) => {
  await deploy(`    for level in ("debug", "info", "error"):\n        getattr(log, level)(level)`, {
    logFormat: "JSON",
    logLevel,
  }).invoke(request());
  expect(own().map((line) => JSON.parse(line).message)).toEqual(expected);
});
