const { startLocalEmu } = require("@localemu/testkit");
const { startEmulator } = require("@localemu/emulator");

async function main() {
  const emu = await startLocalEmu();
  const stream = await emu.createStream("orders");
  await stream.put("hello", { partitionKey: "k" });
  process.stdout.write((await stream.records()).map(({ data }) => `${String(data)} ${typeof startEmulator}`).join());
  await emu.close();
}

void main();
