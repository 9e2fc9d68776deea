/** The yardstick of a first call: a route of fastify's, which has been loaded and made ready before. */
import { createRequire } from "node:module";

// As fauxqs, which LocalEmu takes its queues from, would bring it along.
const fauxqs = new URL("../../node_modules/fauxqs/package.json", import.meta.url);
const fastify = createRequire(fauxqs)("fastify");

const app = fastify();
app.addContentTypeParser("application/x-amz-json-1.0", { parseAs: "string" }, async (_, body) => JSON.parse(body));
app.post("/", async ({ body }) => ({ QueueUrl: `http://127.0.0.1/000000000000/${body.QueueName}` }));
await app.listen({ host: "127.0.0.1", port: Number(process.argv[2]) });
process.stdout.write("Ready.\n");
