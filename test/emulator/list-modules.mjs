/** Preloaded into an emulator's process: tells over its channel what the process has loaded, as often as it is asked. */
import { registerHooks } from "node:module";

const files = [];

registerHooks({
  load(url, context, nextLoad) {
    if (url.startsWith("file:")) files.push(url);
    return nextLoad(url, context);
  },
});

process.on("message", () => process.send({ files, builtIns: process.moduleLoadList }));
