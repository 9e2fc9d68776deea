import inspector from "node:inspector";
import timers from "node:timers";
import { isMainThread, Worker } from "node:worker_threads";

/** How often a thread that runs shows that it does, in milliseconds. */
const beatMs = 50;
/** A thread that has shown nothing for so long is held by a debugger. */
const heldAfterMs = 300;

// A test's fake timers don't reach them; and those of a browser's environment, such as jsdom, have numbers for timers.
const { setInterval: startBeats, clearInterval: stopBeats } = timers;

/**
 * What watches has to run while this thread does not, in a thread of its own. Its code is a text: bundled into several files as
 * this package is, there is no one file that it could be loaded from.
 */
const watcher = `
const http = require("node:http");
const { parentPort, workerData } = require("node:worker_threads");
const { beats, pauseUrl, resumeUrl, heldAfterMs, lookMs } = workerData;
let last = Atomics.load(beats, 0);
let since = performance.now();
let held = false;
let calls = Promise.resolve();
// One after the other, and whatever becomes of it: an emulator that has gone holds no time.
const call = (url) => {
  calls = calls.then(() => new Promise((resolve) => {
    const request = http.request(url, { method: "POST", agent: false, headers: { "content-length": 0 } });
    request.on("response", (response) => response.resume());
    request.on("error", () => {});
    request.on("close", resolve);
    request.end();
  }));
};
const looks = setInterval(() => {
  const beat = Atomics.load(beats, 0);
  if (beat !== last) {
    last = beat;
    since = performance.now();
    if (held) call(resumeUrl);
    held = false;
  } else if (!held && performance.now() - since > heldAfterMs) {
    held = true;
    call(pauseUrl);
  }
}, lookMs);
parentPort.once("message", () => {
  clearInterval(looks);
  if (held) call(resumeUrl);
});
`;

/** Where to say that a debugger holds the handlers of this thread, and that it lets go of them. */
export interface HoldUrls {
  readonly pauseUrl: string;
  readonly resumeUrl: string;
}

/**
 * Stops time for a function whose handler runs in this thread while a debugger holds the thread, where there may be one; the
 * returned function ends that. A stopped thread can tell nobody, so another one watches it.
 */
export function watchForDebugger(urls: HoldUrls): () => void {
  if (!mayBeDebugged()) return () => {};
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const beating = startBeats(() => Atomics.add(beats, 0, 1), beatMs);
  beating.unref();
  const workerData = { ...urls, beats, heldAfterMs, lookMs: beatMs };
  const worker = new Worker(watcher, { eval: true, workerData, execArgv: [], env: {} });
  worker.unref();
  return () => {
    stopBeats(beating);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- This is a thread, not a window.
    worker.postMessage("end");
  };
}

/** A worker thread does not know of its process's inspector: it goes by what the process was started with. */
function mayBeDebugged(): boolean {
  if (inspector.url() !== undefined) return true;
  if (isMainThread) return false;
  const options = [...process.execArgv, process.env["NODE_OPTIONS"] ?? ""].join(" ");
  return process.env["VSCODE_INSPECTOR_OPTIONS"] !== undefined || /--inspect\b/.test(options);
}
