// Warm invocations by lambda-local, one after the other: the median in milliseconds, as JSON.
import lambdaLocal from "lambda-local";

const count = Number(process.argv[2]);
for (const transport of lambdaLocal.getLogger().transports) transport.silent = true;
const options = { lambdaPath: new URL("invoke.mjs", import.meta.url).pathname, lambdaHandler: "echo", esm: true };
const durations = [];
for (let n = 0; n < 2 * count; n++) {
  const begin = performance.now();
  await lambdaLocal.execute({ ...options, event: { n }, timeoutMs: 5000, verboseLevel: 0 });
  if (n >= count) durations.push(performance.now() - begin);
}
durations.sort((a, b) => a - b);
process.stdout.write(JSON.stringify({ warm: durations[count >>> 1] }));
process.exit();
