const { startLocalEmu } = require("@localemu/testkit");

async function main() {
  const emu = await startLocalEmu();
  try {
    const fn = await emu.deployEntry({ name: "fn", entry: "commonjs/handler.js" });
    process.stdout.write(JSON.stringify((await fn.invoke({ id: 1 })).payload));
  } catch (error) {
    process.stdout.write(error.message);
  }
  await emu.close();
}

void main();
