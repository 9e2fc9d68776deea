import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";

test("the built package is imported by name from an ES module, and loads no emulator until one is started", async () => {
  const script = `
    import { connect, startLocalEmu, LocalEmu, QueueHandle, StreamHandle } from "@localemu/testkit";
    import { toBeEmpty, toHaveFailedBatch, toHaveFailedRecord, toHaveRecord, toHaveRecordTimes } from "@localemu/testkit/matchers";
    import { useLocalEmu } from "@localemu/testkit/node";
    import { registerHooks } from "node:module";
    const kinds = [connect, startLocalEmu, LocalEmu, QueueHandle, StreamHandle, toBeEmpty, toHaveFailedBatch,
      toHaveFailedRecord, toHaveRecord, toHaveRecordTimes, useLocalEmu].map((item) => typeof item);
    const source = (way) => "export const startEmulator = () => { throw new Error('loaded by " + way + "'); }";
    const wayOf = ({ conditions }) => (conditions.includes("import") ? "import" : "require");
    registerHooks({
      resolve: (specifier, context, next) =>
        specifier === "@localemu/emulator"
          ? { url: "data:text/javascript," + encodeURIComponent(source(wayOf(context))), format: "module", shortCircuit: true }
          : next(specifier, context),
    });
    const text = await startLocalEmu().catch((error) => error.message);
    console.log(JSON.stringify([new Set(kinds).size, text]));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", script]);

  expect(JSON.parse(stdout)).toEqual([1, "loaded by import"]);
});
