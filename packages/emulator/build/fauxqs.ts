import { readFileSync } from "node:fs";
import { findPackageJSON } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Options } from "tsup";
import { adapt } from "./adaptations.ts";
import type { Adaptation } from "./adaptations.ts";

/**
 * How fauxqs gets into the emulator: it is taken from node_modules as it is and adapted while it is bundled (tsup) or
 * loaded by the unit tests (Vitest), by the same two functions. Nothing of it is committed.
 *
 * - `localemu:fauxqs` is `buildApp` and the stores, which the package does not export.
 * - In its own files, and in those of the cache that it keeps time with, the clock of the current world stands for the platform's.
 * - Its web framework is a table of routes; what only its stand-alone server needs is left out.
 */
const messaging = fileURLToPath(new URL("../src/services/messaging/", import.meta.url));
const worldTime = join(messaging, "world-time.ts");
const routeTable = join(messaging, "route-table.ts");

const fauxqs = distOf("fauxqs", import.meta.url);
const entry = join(fauxqs, "app.js");
const toadCache = distOf("toad-cache", entry);

const adaptations: readonly Adaptation[] = [
  {
    // Imports that only its stand-alone server uses: configuration files, SQLite, files, DNS, the message spy.
    file: "app.js",
    from: /^(?:import|export) \{[^}]*\} from "\.\/(?:initConfig|persistence|s3\/fileS3Persistence|localhost|spy)\.js";$/gm,
    to: "",
    times: 5,
  },
  {
    // The stores are given to buildApp, but not exported.
    file: "app.js",
    from: "export function buildApp(",
    to: "export { SqsStore, SnsStore, S3Store };\nexport function buildApp(",
    times: 1,
  },
  {
    // The link to unsubscribe must lead back to the world that sent it.
    file: "sns/actions/publish.js",
    from: "`https://sns.us-east-1.amazonaws.com/?Action=Unsubscribe",
    to: "`${callOrigin()}/?Action=Unsubscribe",
    times: 1,
  },
  {
    // AWS: any message sent to a delay queue is invisible at first (SQS developer guide, "Delay queues").
    // Assumed: notifications are no exception.
    file: "sns/actions/publish.js",
    from: "createMessage(sqsBody, sqsAttributes, undefined,",
    to: "createMessage(sqsBody, sqsAttributes, Number(queue.attributes.DelaySeconds),",
    times: 1,
  },
  {
    // Its port for spies is told of messages that are refused after that, and not of their subject.
    file: "sns/actions/publish.js",
    from: "export function fanOutToSubscriptions(params) {",
    to: "export function fanOutToSubscriptions(params) {\n    params.snsStore.onPublished?.(params);",
    times: 1,
  },
  {
    // AWS: with MessageStructure `json` each protocol has a text of its own, or the default (SNS API reference, Publish).
    // The texts of the errors are from AWS users' reports.
    file: "sns/actions/publish.js",
    from: "const messageAttributes = parseMessageAttributes(params);",
    to: `const texts = params.MessageStructure === "json" ? textsByProtocol(message) : undefined;
    const messageAttributes = parseMessageAttributes(params);`,
    times: 1,
  },
  {
    file: "sns/actions/publish.js",
    from: "function parseMessageAttributes(params) {",
    to: `function textsByProtocol(message) {
    let texts;
    try {
        texts = JSON.parse(message);
    }
    catch {
        throw new SnsError("InvalidParameter", "Invalid parameter: Message Structure - JSON message body failed to parse");
    }
    if (typeof texts?.default !== "string")
        throw new SnsError("InvalidParameter", "Invalid parameter: Message Structure - No default entry in JSON message body");
    return texts;
}
function parseMessageAttributes(params) {`,
    times: 1,
  },
  {
    file: "sns/actions/publish.js",
    from: "        messageId,\n        message,\n",
    to: "        messageId,\n        message,\n        texts,\n",
    times: 1,
  },
  {
    file: "sns/actions/publish.js",
    from: "sqsBody = message;",
    to: "sqsBody = envelopeBase.Message;",
    times: 1,
  },
  {
    // Functions can be subscribed too. What they get is not a queue's message.
    file: "sns/actions/publish.js",
    from: 'if (sub.protocol !== "sqs")',
    to: 'if (sub.protocol !== "sqs" && sub.protocol !== "lambda")',
    times: 1,
  },
  {
    file: "sns/actions/publish.js",
    from: "const sqsQueueArn = sub.endpoint;",
    to: 'const text = params.texts?.[sub.protocol];\n        envelopeBase.Message = typeof text === "string" ? text : (params.texts?.default ?? message);\n        if (sub.protocol === "lambda") {\n            snsStore.onFunctionNotified?.(topic, sub, envelopeBase);\n            continue;\n        }\n        const sqsQueueArn = sub.endpoint;',
    times: 1,
  },
  {
    // AWS: a function need not confirm its subscription (SNS developer guide, "Subscribing a function to a topic").
    file: "sns/snsStore.js",
    from: 'confirmed: protocol === "sqs"',
    to: 'confirmed: protocol === "sqs" || protocol === "lambda"',
    times: 1,
  },
  {
    // Its stores tell spies of every object; these two would tell of it once more.
    file: "s3/actions/postObject.js",
    from: "if (store.spy)",
    to: "if (false)",
    times: 1,
  },
  {
    file: "s3/actions/putObject.js",
    from: "if (store.spy)",
    to: "if (false)",
    times: 1,
  },
  {
    // AWS: a receive gives as many messages of one group as possible, not one (SQS developer guide, "FIFO delivery logic").
    file: "sqs/sqsStore.js",
    from: "(this.fifoLockedGroups.get(groupId) ?? 0) + 1);\n                break;",
    to: "(this.fifoLockedGroups.get(groupId) ?? 0) + 1);",
    times: 1,
  },
  {
    // AWS: what comes back keeps its place in the group. Several may, one by one and in any order.
    file: "sqs/sqsStore.js",
    from: "group.unshift(entry.message);",
    to: "group.push(entry.message);\n            group.sort((a, b) => (a.sequenceNumber < b.sequenceNumber ? -1 : 1));",
    times: 2,
  },
  {
    // The port for storing is not told how often a message was received that is given back.
    file: "sqs/sqsStore.js",
    from: "updateMessageReady(entry.message.messageId)",
    to: "updateMessageReady(entry.message.messageId, entry.message)",
    times: 1,
  },
  {
    // Nor of what is added to a queue, or a topic, by creating it again.
    file: "sqs/actions/createQueue.js",
    from: "return { QueueUrl: existing.url };",
    to: "existing.persistence?.insertQueue(existing);\n        return { QueueUrl: existing.url };",
    times: 1,
  },
  {
    file: "sns/snsStore.js",
    from: "            return existing;\n        }\n        const topic = {",
    to: "            this.persistence?.insertTopic(existing);\n            return existing;\n        }\n        const topic = {",
    times: 1,
  },
  {
    // Elements and parts of forms that do not end would be looked for up to the end of the body, each of them.
    file: "s3/actions/deleteObjects.js",
    from: "/<Key>([\\s\\S]*?)<\\/Key>/g",
    to: "/<Key>([^<]*)<\\/Key>/g",
    times: 1,
  },
  {
    file: "s3/actions/completeMultipartUpload.js",
    from: /const partBlockRegex = .*\n {4}let match;\n {4}while .*\n {8}const block = match\[1\];/g,
    to: `for (const text of body.split("<Part>").slice(1)) {
        const end = text.indexOf("</Part>");
        if (end === -1)
            continue;
        const block = text.slice(0, end);`,
    times: 1,
  },
  {
    file: "s3/actions/completeMultipartUpload.js",
    from: "<ETag>([\\s\\S]*?)<\\/ETag>",
    to: "<ETag>([^<]*)<\\/ETag>",
    times: 1,
  },
  {
    file: "s3/actions/postObject.js",
    from: "body.indexOf(crlf, partStart)",
    to: "body.subarray(0, partEnd).indexOf(crlf, partStart)",
    times: 1,
  },
  {
    file: "s3/actions/postObject.js",
    from: "body.indexOf(crlfCrlf, headersStart)",
    to: "body.subarray(0, partEnd).indexOf(crlfCrlf, headersStart)",
    times: 1,
  },
  {
    // What is in an object stays in memory: it is read from there alone.
    file: "s3/s3Store.js",
    from: ", body: Buffer.alloc(0) }",
    to: " }",
    times: 2,
  },
];

/** The file that `specifier` stands for in `importer`, where it is one of those that are exchanged. */
function resolveFauxqs(specifier: string, importer: string | undefined): string | undefined {
  if (specifier === "localemu:fauxqs") return entry;
  if (specifier === "fastify" && importer !== undefined && isUnder(fauxqs, importer)) return routeTable;
  return undefined;
}

/** The adapted source of `file`, or undefined where it is none of fauxqs'. */
function loadFauxqs(file: string): string | undefined {
  if (!file.endsWith("js") || !(isUnder(fauxqs, file) || isUnder(toadCache, file))) return undefined;
  const names = "Date, setTimeout, clearTimeout, setInterval, clearInterval, callOrigin";
  const source = adapt(adaptations, fauxqs, file, readFileSync(file, "utf8")).replace(
    /^\/\/# sourceMappingURL=.*$/m,
    "",
  );
  return `${file === entry ? licenses() : ""}import { ${names} } from ${JSON.stringify(worldTime)};\n${source}`;
}

/** Both are under the MIT license, which must go with them: the bundler keeps such comments. */
function licenses(): string {
  return [fauxqs, toadCache].map((dist) => `/*!\n${readFileSync(join(dist, "..", "LICENSE"), "utf8")}*/\n`).join("");
}

function distOf(name: string, from: string): string {
  const manifest = findPackageJSON(name, from);
  if (manifest === undefined) throw new Error(`${name} is not installed`);
  return join(dirname(manifest), "dist");
}

function isUnder(folder: string, file: string): boolean {
  return file.startsWith(`${folder}/`) || file.startsWith(`${folder}\\`);
}

/** For tsup. */
export const bundleFauxqs: NonNullable<Options["esbuildPlugins"]>[number] = {
  name: "fauxqs",
  setup(build) {
    build.onResolve({ filter: /^(localemu:fauxqs|fastify)$/ }, ({ path, importer }) => {
      const file = resolveFauxqs(path, importer);
      return file === undefined ? undefined : { path: file };
    });
    build.onLoad({ filter: /[\\/](fauxqs|toad-cache)[\\/]dist[\\/].*js$/ }, ({ path }) => {
      const contents = loadFauxqs(path);
      return contents === undefined ? undefined : { contents, loader: "js" };
    });
  },
};

/** For Vite; the two packages must also be inlined (`test.server.deps.inline`). */
export const fauxqsForTests = {
  name: "fauxqs",
  enforce: "pre" as const,
  resolveId: (specifier: string, importer: string | undefined) => resolveFauxqs(specifier, importer),
  load: (file: string) => loadFauxqs(file),
};

/** What Vitest must not leave to Node. */
export const fauxqsPackages = [/[\\/]node_modules[\\/]fauxqs[\\/]/, /[\\/]node_modules[\\/]toad-cache[\\/]/];
