import type { Case } from "../case.ts";

const stream = (name: string, body: string, more: Partial<Case> = {}): Case => ({
  name: `stream: ${name}`,
  files: `exports.handler = awslambda.streamifyResponse(async (event, stream, context) => { ${body} });`,
  ...more,
});

const SOON = "await new Promise((resolve) => setTimeout(resolve, 100));";
const HTTP =
  "awslambda.HttpResponseStream.from(stream, { statusCode: 201, headers: { 'x-a': 'b' }, cookies: ['c=d'] })";

export const streamCases: readonly Case[] = [
  stream("write and end", "stream.write('one '); stream.write('two'); stream.end();", { invokes: [{}, {}] }),
  stream("end with a text", "stream.end('whole');"),
  stream("nothing but end", "stream.end();"),
  stream(
    "chunks of every kind",
    "for (const chunk of ['text', Buffer.from('-buffer-'), new Uint8Array([65, 66]), { a: 1 }, [1], 5, true, new Uint16Array([1])]) stream.write(chunk); stream.end();",
  ),
  ...["null", "undefined", "Symbol('s')", "() => 1", "1n"].map((chunk) =>
    stream(`write ${chunk}`, `stream.write(${chunk}); stream.end();`),
  ),
  stream("content type", "stream.setContentType('text/html'); stream.write('<p>'); stream.end();"),
  stream("content type too late", "stream.write('x'); stream.setContentType('text/html');"),
  stream("context", "stream.end(JSON.stringify(Object.keys(context)));"),
  stream(
    "object",
    `stream.write(JSON.stringify({ proto: Object.getPrototypeOf(stream) === Object.prototype, keys: Object.keys(stream).sort(), names: Object.getOwnPropertyNames(stream).sort(),
      writable: stream.writable, ended: stream.writableEnded, hwm: stream.writableHighWaterMark, objectMode: stream.writableObjectMode, destroyed: stream.destroyed, drain: stream.writableNeedDrain, corked: stream.writableCorked, finished: stream.writableFinished }));
    stream.end();`,
  ),
  stream(
    "write tells of back-pressure",
    "const returned = [typeof stream.write('x'), stream.write('y'.repeat(200000))]; stream.write(JSON.stringify(returned)); stream.end();",
  ),
  stream(
    "end with a callback",
    "await new Promise((resolve) => { stream.write('x'); stream.end(resolve); }); console.log('ended', stream.writableFinished);",
  ),
  stream(
    "write with a callback",
    "await new Promise((resolve) => stream.write('x', resolve)); await new Promise((resolve) => stream.write('y', 'utf8', resolve)); stream.end();",
  ),
  stream(
    "events",
    "stream.on('finish', () => console.log('finish')); stream.once('close', () => {}); stream.write('x'); stream.end(); await new Promise((resolve) => stream.on('finish', resolve));",
  ),
  stream("cork", "stream.cork(); stream.write('a'); stream.write('b'); stream.uncork(); stream.end();"),
  stream("encoding", "stream.write('6162', 'hex'); stream.end();"),
  stream(
    "pipeline",
    "await require('node:stream/promises').pipeline(require('node:stream').Readable.from(['a', 'b', 'c']), stream);",
  ),
  stream("pipe", "require('node:stream').Readable.from(['a', 'b', 'c']).pipe(stream);"),
  stream(
    "large, with drain",
    "for (let i = 0; i < 20; i += 1) if (!stream.write(String(i % 10).repeat(50000))) await new Promise((resolve) => stream.once('drain', resolve)); stream.end();",
  ),
  stream("returned value", "stream.end('x'); return 'ignored';"),
  stream("throws before a write", "throw new TypeError('before');", { invokes: [{}, {}] }),
  stream(
    "throws after a write",
    "stream.write('partial'); throw Object.assign(new RangeError('gr\\u00fc\\u00dfe'), { code: 'E' });",
    { invokes: [{}, {}] },
  ),
  stream(
    "throws later",
    "stream.write('partial'); await new Promise((resolve) => setTimeout(resolve, 5)); throw new Error('later');",
  ),
  stream("throws a text", "stream.write('partial'); throw 'a text';"),
  stream("throws null", "stream.write('partial'); throw null;"),
  stream("throws after the end", "stream.end('whole'); throw new Error('after the end');"),
  stream("throws a long message", "stream.write('partial'); throw new Error('x'.repeat(20000));"),
  // The connection must stand: until it does, what was written is lost with the process.
  stream(
    "write after the end",
    `stream.on('error', (error) => console.log(error.code)); stream.end('whole'); ${SOON} stream.write('more');`,
  ),
  stream("destroyed", `stream.write('partial'); ${SOON} stream.destroy(new Error('destroyed')); ${SOON}`),
  stream("not ended", "stream.write('partial');", { spec: { timeoutMs: 1000 } }),
  stream("plain function", "", {
    files: "exports.handler = awslambda.streamifyResponse((event, stream) => { stream.end('x'); });",
  }),
  stream("plain function that throws", "", {
    files: "exports.handler = awslambda.streamifyResponse((event, stream) => { throw new Error('plain'); });",
  }),
  stream(
    "rejection that nobody handles",
    `stream.write('partial'); ${SOON} Promise.reject(new Error('aside')); ${SOON}`,
  ),
  stream("event that is no JSON", "stream.end('x');", { invokes: [{ payload: "{" }] }),
  stream("options", "", {
    files:
      "exports.handler = awslambda.streamifyResponse(async (event, stream) => { stream.write(String(exports.handler[Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark')])); stream.end(); }, { highWaterMark: 1000.7 });",
  }),
  stream("in a module", "", {
    files: {
      "index.mjs":
        "export const handler = awslambda.streamifyResponse(async (event, stream, context) => { stream.write(context.functionName); stream.end(); });",
    },
  }),
  stream("http", `const http = ${HTTP}; http.write('body'); http.end(); console.log(http === stream);`),
  stream("http, several writes", `const http = ${HTTP}; http.write('a'); http.write('b'); http.end('c');`),
  stream("http, end with a text", `${HTTP}.end('body');`),
  stream("http, nothing but end", `${HTTP}.end();`),
  stream("http, empty write", `const http = ${HTTP}; http.write(''); http.end();`),
  stream("http, after a write", `stream.write('x'); ${HTTP};`),
  stream(
    "http, content type after",
    `const http = ${HTTP}; http.setContentType('text/plain'); http.write('x'); http.end();`,
  ),
  stream(
    "http, twice",
    `awslambda.HttpResponseStream.from(stream, { statusCode: 500 }); const http = ${HTTP}; http.write('x'); http.end();`,
  ),
  stream("http, no prelude", "const http = awslambda.HttpResponseStream.from(stream); http.write('x'); http.end();"),
  stream("http, prelude that is no JSON", "const c = {}; c.c = c; awslambda.HttpResponseStream.from(stream, c);"),
  stream(
    "http, empty prelude",
    "const http = awslambda.HttpResponseStream.from(stream, {}); http.write('x'); http.end();",
  ),
  stream("http, throws before a write", `${HTTP}; throw new Error('before');`),
  stream("http, throws after a write", `${HTTP}.write('x'); throw new Error('after');`),
  stream(
    "http, pipeline",
    `await require('node:stream/promises').pipeline(require('node:stream').Readable.from(['a', 'b']), ${HTTP});`,
  ),
  stream(
    "waits for an empty event loop",
    "const before = globalThis.left ?? 0; setTimeout(() => { globalThis.left = 1; }, 1000); stream.end(String(before));",
    { invokes: [{}, {}] },
  ),
  stream(
    "does not wait for an empty event loop when told so",
    "context.callbackWaitsForEmptyEventLoop = false; const before = globalThis.left ?? 0; setTimeout(() => { globalThis.left = 1; }, 300); stream.end(String(before));",
    { generation: 3, invokes: [{}, {}] },
  ),
];
