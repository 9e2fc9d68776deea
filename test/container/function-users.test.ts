import { ListStreamsCommand } from "@aws-sdk/client-kinesis";
import { DeleteFunctionCommand } from "@aws-sdk/client-lambda";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, inject, test } from "vitest";
import { clientsOf } from "../emulator/emulator.ts";
import { createFunction, invoke } from "../emulator/functions.ts";
import { publishLayer } from "../lambda/layers-api.ts";
import { zipOf } from "../lambda/zips.ts";
import { checkMainJob, mainJobResult } from "../main-job/check-main-job.ts";
import { hasDocker, testContainer } from "./container.ts";
import { bootstrapAnswering } from "./own-bootstrap.ts";

/** Where everybody may write. */
const shared = ["/tmp", "/var/tmp", "/dev/shm"];

/** Tries what its event names, and tells what came of it: the value, or the code of the error. */
const prober = `
  import fs from "node:fs";
  import { spawn } from "node:child_process";
  import { dirname } from "node:path";
  const attempt = (action) => { try { return action(); } catch (error) { return error.code ?? String(error); } };
  const firstByte = (path) => attempt(() => {
    const file = fs.openSync(path);
    try { return fs.readSync(file, Buffer.alloc(1)); } finally { fs.closeSync(file); }
  });
  const status = (pid, name) => new RegExp("^" + name + ":\\\\s*(\\\\S+)", "m").exec(fs.readFileSync("/proc/" + pid + "/status", "latin1"))?.[1];
  const pids = () => fs.readdirSync("/proc").filter((name) => /^\\d+$/.test(name));
  // Nobody asks after what the emulator's process, the first of the container, did not start itself.
  const running = () => pids().filter((pid) => status(pid, "State") !== "Z");
  const foreign = () => pids().filter((pid) => status(pid, "Uid") !== String(process.getuid()));
  const task = process.env.LAMBDA_TASK_ROOT;
  const parents = () => { const found = []; for (let at = dirname(task); at !== "/tmp"; at = dirname(at)) found.push(at); return found; };
  const tries = {
    identity: () => [process.getuid() >= 20000, process.getgid() === process.getuid(), /^Groups:\\s*$/m.test(fs.readFileSync("/proc/self/status", "latin1")),
                     status("self", "CapEff"), status("self", "CapBnd"), status("self", "NoNewPrivs")],
    task: () => task,
    users: () => [...new Set(running().map((pid) => Number(status(pid, "Uid"))))],
    user: () => process.getuid(),
    environment: () => Object.keys(process.env).filter((name) => /^(LOCALEMU_|NODE_VERSION|YARN_|HOSTNAME|HOME)/.test(name)),
    secrets: () => foreign().flatMap((pid) => ["environ", "mem", "maps", "fd", "cwd"].map((file) => attempt(() =>
      file === "fd" ? fs.readdirSync("/proc/" + pid + "/fd") : file === "cwd" ? fs.readlinkSync("/proc/" + pid + "/cwd") : firstByte("/proc/" + pid + "/" + file)))),
    others: () => foreign().length,
    kill: () => foreign().map((pid) => attempt(() => process.kill(Number(pid), 0))),
    parents: () => parents().map((path) => attempt(() => fs.readdirSync(path))),
    guessed: () => parents().flatMap((path) => ["code", "code/code-1", "code/code-1.zip", "code/code-2/index.mjs"].map((name) => attempt(() => fs.statSync(path + "/" + name) && "seen"))).filter((found) => found !== "ENOENT"),
    list: ({ path }) => attempt(() => fs.readdirSync(path)),
    read: ({ path }) => firstByte(path),
    change: () => [attempt(() => fs.appendFileSync(task + "/index.mjs", "//")), attempt(() => fs.writeFileSync(task + "/new", ""))],
    own: () => { fs.mkdirSync(process.env.TMPDIR + "/deep/.hidden", { recursive: true }); fs.chmodSync(process.env.TMPDIR + "/deep", 0o500); return [fs.existsSync(task + "/index.mjs"), fs.readdirSync(process.env.TMPDIR)]; },
    layer: async () => (await import("/" + process.env.NODE_PATH.split(":")[1].slice(1) + "/parts/index.js")).default,
    share: () => ${JSON.stringify(shared)}.map((path) => {
      fs.writeFileSync(path + "/token", "mine");
      fs.mkdirSync(path + "/deep/closed/.hidden", { recursive: true });
      fs.chmodSync(path + "/deep/closed", 0o500);
      return path + "/token";
    }),
    leave: () => { spawn("sleep", ["1000"], { detached: true, stdio: "ignore" }).unref(); return "left"; },
    hang: () => new Promise(() => setInterval(() => {}, 1000)),
  };
  export const handler = (event) => tries[event.try](event);`;

const echo = bootstrapAnswering("JSON.stringify({ user: process.getuid(), event: await next.json() })");

describe.runIf(hasDocker)("functions with users of their own", () => {
  test("run as before, and reach nothing of the emulator's or of each other", async () => {
    await using container = await testContainer().withFunctionUsers().start();
    expect(await checkMainJob({ ...clientsOf(container.emu), emu: container.emu })).toEqual(mainJobResult);
    const { lambda } = clientsOf(container.emu);
    const layer = await publishLayer(lambda, "parts", { "nodejs/node_modules/parts/index.js": "module.exports = 7" });
    await createFunction(lambda, "prober", prober, { Layers: [layer.LayerVersionArn ?? ""] });
    await createFunction(lambda, "victim", prober, {
      Code: { ZipFile: zipOf({ "index.mjs": `${prober}\n// other` }) },
    });
    const probe = (event: { try: string; path?: string }) => invoke(lambda, "prober", event);
    const victim = await invoke(lambda, "victim", { try: "task" });

    expect(await probe({ try: "identity" })).toEqual([true, true, true, "0000000000000000", expect.any(String), "1"]);
    expect(await probe({ try: "user" })).not.toBe(await invoke(lambda, "victim", { try: "user" }));
    expect(await probe({ try: "environment" })).toEqual([]);
    expect(await probe({ try: "others" })).toBeGreaterThanOrEqual(2);
    expect(new Set([await probe({ try: "secrets" })].flat())).toEqual(new Set(["EACCES"]));
    expect(new Set([await probe({ try: "kill" })].flat())).toEqual(new Set(["EPERM"]));
    expect(new Set([await probe({ try: "parents" })].flat())).toEqual(new Set(["EACCES"]));
    expect(await probe({ try: "guessed" })).toEqual(["seen", "EACCES", "EACCES", "EACCES"]);
    expect(await probe({ try: "list", path: String(victim) })).toBe("EACCES");
    expect(await probe({ try: "read", path: `${String(victim)}/index.mjs` })).toBe("EACCES");
    expect(await probe({ try: "change" })).toEqual(["EACCES", "EACCES"]);
    expect(await probe({ try: "own" })).toEqual([true, ["deep"]]);
    expect(await probe({ try: "layer" })).toBe(7);
    expect(await invoke(lambda, "victim", { try: "share" })).toEqual(shared.map((path) => `${path}/token`));
    for (const path of shared) {
      expect(await probe({ try: "read", path: `${path}/token` })).toBe("EACCES");
      expect(await probe({ try: "list", path: `${path}/deep` })).toBe("EACCES");
    }
  });

  test("cannot enter what is kept", async () => {
    await using container = await testContainer().withPersistence().withFunctionUsers().start();
    const { lambda } = clientsOf(container.emu);
    await container.createStream("orders");
    await createFunction(lambda, "prober", prober);
    expect(await invoke(lambda, "prober", { try: "list", path: "/var/lib/localemu" })).toBe("EACCES");
    expect((await container.exec(["ls", "/var/lib/localemu"])).stdout).not.toBe("");
    await container.restart();
    const { StreamNames } = await clientsOf(container.emu).kinesis.send(new ListStreamsCommand({}));
    expect(StreamNames).toEqual(["orders"]);
  });

  test("are ended with all that they left, and bring their own runtime", async () => {
    await using container = await testContainer().withFunctionUsers().start();
    const { lambda } = clientsOf(container.emu);
    const own = { Runtime: "provided.al2023", Code: { ZipFile: zipOf({ bootstrap: echo }, 0o100755) } } as const;
    await createFunction(lambda, "echo", "", own);
    expect(await invoke(lambda, "echo", { id: 7 })).toEqual({ user: expect.any(Number), event: { id: 7 } });

    await createFunction(lambda, "leaver", prober, { Timeout: 1 });
    const user = Number(await invoke(lambda, "leaver", { try: "user" }));
    expect(user).toBeGreaterThanOrEqual(20_000);
    await invoke(lambda, "leaver", { try: "own" });
    await invoke(lambda, "leaver", { try: "share" });
    await invoke(lambda, "leaver", { try: "leave" });
    expect(await invoke(lambda, "leaver", { try: "hang" })).toMatchObject({ errorType: "Sandbox.Timedout" });
    await lambda.send(new DeleteFunctionCommand({ FunctionName: "leaver" }));
    await createFunction(lambda, "watcher", prober);
    await expect.poll(() => invoke(lambda, "watcher", { try: "users" })).not.toContain(user);
    const files = async () => (await container.exec(["find", ...shared, "-uid", String(user)])).stdout;
    await expect.poll(files).toBe("");
  });
});

test.runIf(hasDocker)("where they cannot be, the start says why", async () => {
  const run = (...args: readonly string[]) =>
    promisify(execFile)("docker", ["run", "--rm", "--env", "LOCALEMU_FUNCTION_USERS=1", ...args, inject("image")]);
  await expect(run()).rejects.toThrow(
    /functionUsers \(LOCALEMU_FUNCTION_USERS\) .+: this is the user 1000\. withFunctionUsers\(\)/,
  );
  await expect(run("--user", "0", "--cap-drop", "ALL", "--cap-add", "KILL")).rejects.toThrow(
    /: it has not CHOWN, SETGID, SETUID\./,
  );
});
