import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { GetFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { connect } from "@localemu/testkit";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { startTestEmulator, type TestEmulator } from "../emulator/emulator.ts";

const entries = fileURLToPath(new URL("entries/", import.meta.url));
const entry = join(entries, "orders.ts");

let emulator: TestEmulator;
let directory: string;

beforeEach(async () => {
  emulator = await startTestEmulator();
  directory = mkdtempSync(join(tmpdir(), "localemu-entry-"));
});

afterEach(async () => {
  await emulator[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true, force: true });
});

describe("an entry that is deployed", () => {
  test("runs with what it imports", async () => {
    const fn = await emulator.emu.deployEntry({ name: "orders", entry, environment: { TABLE: "t" } });
    expect(fn.arn).toBe("arn:aws:lambda:us-east-1:000000000000:function:orders");
    expect(await fn.invoke({ id: 1 })).toEqual({
      payload: { id: 1, table: "t", digest: "0cc1" },
      functionError: undefined,
    });
  });

  test("names the lines of its sources where it fails", async () => {
    const fn = await emulator.emu.deployEntry({ name: "orders", entry });
    const { payload, functionError } = await fn.invoke({ id: -1 });
    expect(functionError).toBe("Unhandled");
    const trace = expect.arrayContaining([
      expect.stringContaining(`${join(entries, "refusing.ts")}:7:9`),
      expect.stringContaining(`${join(entries, "orders.ts")}:9:`),
    ]);
    expect(payload).toMatchObject({ errorType: "RangeError", errorMessage: "refused -1", trace });
  });

  test("has the settings that are given, and AWS's for the others", async () => {
    const { emu, lambda } = emulator;
    const settings = async () => {
      const { Runtime, Handler, Timeout, MemorySize, Environment } = await lambda.send(
        new GetFunctionConfigurationCommand({ FunctionName: "orders" }),
      );
      return { Runtime, Handler, Timeout, MemorySize, variables: Environment?.Variables };
    };
    const environment = { TABLE: "t", NODE_OPTIONS: "--no-warnings" };
    const given = { runtime: "nodejs22.x", handler: "other", timeout: 7, memorySize: 256, environment };
    const fn = await emu.deployEntry({ name: "orders", entry: pathToFileURL(entry), ...given });
    expect(await settings()).toEqual({
      Runtime: "nodejs22.x",
      Handler: "index.other",
      Timeout: 7,
      MemorySize: 256,
      variables: { TABLE: "t", NODE_OPTIONS: "--no-warnings --enable-source-maps" },
    });
    expect(await fn.invoke()).toMatchObject({ payload: "other" });
    await emu.deployEntry({ name: "orders", entry });
    expect(await settings()).toEqual({
      Runtime: "nodejs24.x",
      Handler: "index.handler",
      Timeout: 3,
      MemorySize: 128,
      variables: { NODE_OPTIONS: "--enable-source-maps" },
    });
    expect(await fn.invoke({ id: 2 })).toMatchObject({ payload: { id: 2 } });
  });

  test("is made of what esbuild is told", async () => {
    const path = write("entry.ts", 'import sql from "./q.sql"; export const handler = async () => [sql, VERSION];');
    write("q.sql", "select 1");
    const options = { name: "fn", entry: path, loader: { ".sql": "text" }, define: { VERSION: '"7"' } };
    const fn = await emulator.emu.deployEntry(options);
    expect((await fn.invoke()).payload).toEqual(["select 1", "7"]);
  });

  test("may be CommonJS, import it, and leave modules out", async () => {
    const path = write(
      "entry.cts",
      `const path = require("node:path");
       exports.handler = async () => [path.basename(__filename), await import("not-installed").catch(({ code }) => code)];`,
    );
    const external = ["not-installed"];
    const { emu } = emulator;
    for (const [format, name] of [
      ["cjs", "index.cjs"],
      ["esm", "index.mjs"],
    ] as const) {
      const fn = await emu.deployEntry({ name: format, entry: path, format, external });
      expect((await fn.invoke()).payload).toEqual([name, "ERR_MODULE_NOT_FOUND"]);
    }
  });

  test("is made again when something of it has changed, in place of what ran", async () => {
    const { emu } = emulator;
    const path = write("entry.ts", 'import { a } from "./a"; export const handler = async () => a;');
    write("a.js", "export const a = 1;");
    const options = { name: "fn", entry: path };
    const fn = await emu.deployEntry(options);
    expect((await fn.invoke()).payload).toBe(1);
    write("a.js", "export const a = 2;");
    await emu.deployEntry(options);
    expect((await fn.invoke()).payload).toBe(2);
    // Another file that the import means from now on.
    write("a.ts", "export const a: number = 3;");
    await emu.deployEntry(options);
    expect((await fn.invoke()).payload).toBe(3);
  });

  test("may be deployed several times at once: the last one counts, with its code and its settings", async () => {
    const { emu, lambda } = emulator;
    const numbers = [1, 2, 3, 4];
    const deploy = (n: number) =>
      emu.deployEntry({
        name: "fn",
        entry: write(`${n}.ts`, `export const handler = async () => ${n};`),
        memorySize: 128 * n,
      });
    const [fn] = await Promise.all(numbers.map(deploy));
    expect((await fn?.invoke())?.payload).toBe(4);
    expect(await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: "fn" }))).toMatchObject({
      MemorySize: 512,
      LastUpdateStatus: "Successful",
    });
  });

  test("may be deployed from several places at once", async () => {
    const places = await Promise.all([1, 2, 3].map(() => connect(emulator.emu.endpoint)));
    const path = write("entry.ts", "export const handler = async () => 1;");
    await Promise.all(places.map((place) => place.deployEntry({ name: "fn", entry: path })));
    expect((await emulator.emu.function("fn").invoke()).payload).toBe(1);
    for (const place of places) await place.close();
  });

  test("is deployed under fake timers", async () => {
    vi.useFakeTimers();
    try {
      const path = write("entry.ts", "export const handler = async () => 1;");
      const fn = await emulator.emu.deployEntry({ name: "fn", entry: path });
      expect((await fn.invoke()).payload).toBe(1);
    } finally {
      vi.useRealTimers();
    }
  });

  test("is told where it does not compile", async () => {
    const path = write("entry.ts", 'import "./missing";\nexport const handler = async () => 1;');
    await expect(emulator.emu.deployEntry({ name: "fn", entry: path })).rejects.toThrow(
      /deployEntry could not bundle .*entry\.ts: Build failed with 1 error:\nentry\.ts:1:7: ERROR: Could not resolve "\.\/missing"/,
    );
    write("missing.ts", "");
    await expect(emulator.emu.deployEntry({ name: "fn", entry: path })).resolves.toBeDefined();
  });
});

function write(name: string, text: string): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  return path;
}
