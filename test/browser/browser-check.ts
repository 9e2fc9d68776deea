/**
 * Whether web pages reach the emulator, in a browser: `npm run browser-check`, where there is a Chromium (`CHROMIUM=<program>`;
 * on Debian, `apt-get install chromium`). Ends with 1 when a foreign page gets through, or one of this machine does not.
 */
import assert from "node:assert/strict";
import { CreateFunctionUrlConfigCommand } from "@aws-sdk/client-lambda";
import { connect } from "@localemu/testkit";
import { clientsOf } from "../emulator/emulator.ts";
import { Command } from "../emulator/command-line.ts";
import { createFunction } from "../emulator/functions.ts";
import { Chromium, findChromium } from "./chromium.ts";
import { attempts, Pages } from "./pages.ts";
import type { Sight } from "./pages.ts";
import { RecordingProxy } from "./recording-proxy.ts";
import type { Passed } from "./recording-proxy.ts";

const program = findChromium();
if (program === undefined) {
  process.stderr.write("browser-check: no Chromium is found; CHROMIUM=<program> tells where it is\n");
  process.exit(2);
}

await using command = new Command(["start", "--port", "0"], { PATH: process.env["PATH"] ?? "" });
const emu = await connect(await command.ready);
const { lambda } = clientsOf(emu);
await createFunction(lambda, "victim", "export const handler = async () => 'called';");
const created = await lambda.send(new CreateFunctionUrlConfigCommand({ FunctionName: "victim", AuthType: "NONE" }));
await using proxy = await RecordingProxy.before(emu.endpoint);
await using pages = await Pages.serve(attempts(proxy.port, new URL(created.FunctionUrl ?? "").pathname));

/** Shows the page of a host; what it saw, and which requests reached the emulator for it. */
async function shown(host: string): Promise<{ readonly saw: Sight; readonly passed: readonly Passed[] }> {
  const from = proxy.passed.length;
  await using browser = await Chromium.show(program ?? "", `http://${host}:${pages.port}/`);
  const saw = await Promise.race([pages.saw(), browser.ended]);
  return { saw, passed: proxy.passed.slice(from) };
}

const events = async () => (await emu.timeline()).map(({ type }) => type);
const before = await events();
const foreign = await shown("evil.example");
const isOpen = ({ path }: Passed): boolean => /^\/_localemu\/(health|url)\//.test(path);
const through = foreign.passed.filter((passed) => !isOpen(passed) && passed.status !== 403);
assert.deepEqual(through, [], "requests of a foreign page got through");
assert.ok(
  foreign.passed.length >= 15,
  `only ${foreign.passed.length} requests of the foreign page reached the emulator`,
);
const readable = Object.entries(foreign.saw).filter(([, saw]) => /^\d|^opened|^read/.test(saw));
assert.deepEqual(readable, [], "a foreign page could read");
assert.deepEqual(
  foreign.passed.filter(isOpen).map(({ status }) => status),
  [200, 200],
  "health and function URLs answer any page",
);
const invocations = (await events()).slice(before.length).filter((type) => type === "function.invoked");
assert.equal(invocations.length, 1, "the function was called by its URL alone");

const local = await shown("localhost");
assert.match(local.saw["reads a list"] ?? "", /^200 /, "a page of this machine reads");
assert.match(local.saw["calls a bucket's name"] ?? "", /^404 /, "a page of this machine calls S3");
assert.equal(local.saw["calls a rebound name"], "failed", "a rebound name is nobody's");
process.stdout.write(`A foreign page made ${foreign.passed.length} requests, and none got through:\n`);
for (const [attempt, saw] of Object.entries(foreign.saw)) process.stdout.write(`  ${attempt}: ${saw}\n`);
await emu.close();
