/** The yardstick of a first call: a route of fastify's, which has been loaded and made ready before. */
import { createRequire } from "node:module";

// Installed with fauxqs, which the build of the emulator takes its queues from.
const fastify = createRequire(new URL("../../packages/emulator/package.json", import.meta.url))("fastify");

const app = fastify();
app.addContentTypeParser("application/x-amz-json-1.0", { parseAs: "string" }, async (_, body) => JSON.parse(body));
app.post("/", async ({ body }) => ({ QueueUrl: `http://127.0.0.1/000000000000/${body.QueueName}` }));
await app.listen({ host: "127.0.0.1", port: Number(process.argv[2]) });
process.stdout.write("Ready.\n");
