/**
 * A process to be debugged: `node --inspect=0 stopped-handler.ts [<endpoint>]`, with an emulator of its own where it is given none.
 * Its handler stops where a debugger is attached. It writes where the emulator is.
 */
import { connect, startLocalEmu } from "@localemu/testkit";

const endpoint = process.argv[2];
// Run as it is by Node.js 22, which knows no `using`.
const emu = await (endpoint === undefined ? startLocalEmu() : connect(endpoint));
const handler = async (event: { readonly stop?: boolean }): Promise<string> => {
  // oxlint-disable-next-line no-debugger -- This is the breakpoint.
  if (event.stop === true) debugger;
  return "went on";
};
const attached = await emu.attachHandler("stopped", handler, { timeout: 1 });
process.stdout.write(`${emu.endpoint}\n`);
process.stdin.resume();
await new Promise((resolve) => process.stdin.once("end", resolve));
await attached[Symbol.asyncDispose]();
await emu[Symbol.asyncDispose]();
