import { startLocalEmu } from "@localemu/testkit";

const emu = await startLocalEmu();
const queue = await emu.createQueue("orders-dlq");
await queue.send("hello");
process.stdout.write((await queue.messages()).map(({ data }) => data).join());
await emu.close();
