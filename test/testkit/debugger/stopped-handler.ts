/** A process to be debugged: `node --inspect=0 stopped-handler.ts <endpoint>`. Its handler stops where a debugger is attached. */
import { connect } from "@localemu/testkit";

const emu = await connect(process.argv[2] ?? "");
const handler = async (event: { readonly stop?: boolean }): Promise<string> => {
  // oxlint-disable-next-line no-debugger -- This is the breakpoint.
  if (event.stop === true) debugger;
  return "went on";
};
await using _ = await emu.attachHandler("stopped", handler, { timeout: 1 });
process.stdout.write("attached\n");
process.stdin.resume();
await new Promise((resolve) => process.stdin.once("end", resolve));
