import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import http from "node:http";
import https from "node:https";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import tls from "node:tls";
import { promisify } from "node:util";
import { KinesisClient, ListStreamsCommand } from "@aws-sdk/client-kinesis";
import { CreateQueueCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { startEmulator } from "@localemu/emulator";
import type { Emulator } from "@localemu/emulator";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

let emulator: Emulator;
let port: number;
let endpoint: string;
let ca: string;

const config = { region: "eu-west-1", credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "secret" } };

/** A body by HTTP/1.1, without TLS or with it. */
function get(url: string, options: https.RequestOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = url.startsWith("https:") ? https.get(url, options) : http.get(url, options);
    request.on("error", reject);
    request.on("response", (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => (text += chunk));
      response.on("end", () => resolve(text));
    });
  });
}

/** A TLS connection to the emulator; rejects where the handshake fails. */
function connectTls(options: tls.ConnectionOptions = {}): Promise<tls.TLSSocket> {
  return new Promise((resolve, reject) => {
    const socket = tls.connect({ port, host: "127.0.0.1", ca, ...options }, () => resolve(socket));
    socket.on("error", reject);
  });
}

beforeAll(async () => {
  emulator = await startEmulator({ allowedHosts: ["aws.example.test"] });
  port = Number(new URL(emulator.endpoint).port);
  endpoint = `https://127.0.0.1:${port}`;
  ca = await get(`${emulator.endpoint}/_localemu/ca.pem`);
});

afterAll(() => emulator.stop());

describe("clients of the SDK", () => {
  test("HTTP/1.1: queue URLs have the scheme that the caller uses", async () => {
    const sqs = new SQSClient({ ...config, endpoint, requestHandler: { httpsAgent: new https.Agent({ ca }) } });
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "secure" }));
    expect(QueueUrl).toBe(`${endpoint}/000000000000/secure`);
    const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "over TLS" }));
    expect(sent.MessageId).toMatch(/^[0-9a-f-]{36}$/);
    const plain = new SQSClient({ ...config, endpoint: emulator.endpoint });
    const again = await plain.send(new CreateQueueCommand({ QueueName: "secure" }));
    expect(again.QueueUrl).toBe(`http://127.0.0.1:${port}/000000000000/secure`);
    sqs.destroy();
    plain.destroy();
  });

  test("HTTP/2: the one for Kinesis, as it is by default", async () => {
    const requestHandler = { nodeHttp2ConnectOptions: { ca } };
    const kinesis = new KinesisClient({ ...config, endpoint, requestHandler });
    expect(await kinesis.send(new ListStreamsCommand({}))).toMatchObject({ StreamNames: [] });
    kinesis.destroy();
  });

  test("are refused by themselves where they don't know the certificate", async () => {
    const sqs = new SQSClient({ ...config, endpoint, maxAttempts: 1 });
    await expect(sqs.send(new CreateQueueCommand({ QueueName: "q" }))).rejects.toThrow(
      "unable to verify the first certificate",
    );
    const kinesis = new KinesisClient({ ...config, endpoint, maxAttempts: 1 });
    await expect(kinesis.send(new ListStreamsCommand({}))).rejects.toThrow("unable to verify the first certificate");
    sqs.destroy();
    kinesis.destroy();
  });

  test("a process that has the certificate in NODE_EXTRA_CA_CERTS", async () => {
    const directory = await mkdtemp(join(tmpdir(), "localemu-tls-"));
    await writeFile(join(directory, "ca.pem"), ca);
    const program = `
      fetch("${endpoint}/_localemu/info").then((response) => response.json()).then(
        ({ endpoint }) => console.log(endpoint), (error) => console.log(error.cause.code));`;
    const run = async (environment: NodeJS.ProcessEnv): Promise<string> =>
      (await promisify(execFile)(process.execPath, ["--eval", program], { env: environment })).stdout.trim();
    expect(await run({ NODE_EXTRA_CA_CERTS: join(directory, "ca.pem") })).toBe(endpoint);
    expect(await run({})).toBe("UNABLE_TO_VERIFY_LEAF_SIGNATURE");
    await rm(directory, { recursive: true });
  });
});

describe("a handshake", () => {
  test.for([
    [["h2", "http/1.1"], "h2"],
    [["http/1.1"], "http/1.1"],
    [["http/1.1", "h2"], "h2"],
    [undefined, false],
  ] as const)("with ALPN %j gives %j", async ([protocols, chosen]) => {
    const socket = await connectTls(protocols === undefined ? {} : { ALPNProtocols: [...protocols] });
    expect(socket.alpnProtocol).toBe(chosen);
    socket.destroy();
  });

  test.for(["localhost", "bucket.localhost", "host.docker.internal", "aws.example.test", "emulator"])(
    "with the name %s",
    async (servername) => {
      const socket = await connectTls({ servername });
      expect(socket.authorized).toBe(true);
      expect(socket.getPeerX509Certificate()?.checkHost(servername)).toBeDefined();
      socket.destroy();
    },
  );

  test("with a name that is none gets the usual certificate", async () => {
    const socket = await connectTls({ servername: "a b.test", checkServerIdentity: () => undefined });
    expect(socket.getPeerX509Certificate()?.subjectAltName).toMatch(/^DNS:localhost, DNS:\*\.localhost, /);
    socket.destroy();
  });

  test("keeps the certificate of a name", async () => {
    const serial = async (servername: string): Promise<string | undefined> => {
      const socket = await connectTls({ servername });
      const certificate = socket.getPeerX509Certificate();
      socket.destroy();
      return certificate?.serialNumber;
    };
    const first = await serial("kept.localhost");
    expect(await serial("kept.localhost")).toBe(first);
    expect(await serial("other.localhost")).not.toBe(first);
  });

  test("does not make a foreign name callable", async () => {
    const options = { ca, servername: "foreign.test", headers: { host: "foreign.test" } };
    expect(await get(`${endpoint}/`, options)).toContain("LocalEmu does not answer to the host name foreign.test");
  });
});

test("worlds have the scheme that the caller uses", async () => {
  expect(JSON.parse(await get(`${endpoint}/_localemu/info`, { ca }))).toMatchObject({ endpoint });
  expect(JSON.parse(await get(`${endpoint}/_localemu/worlds`, { ca }))).toMatchObject({ worlds: [{ endpoint }] });
  expect(await get(`${endpoint}/_localemu/ca.pem`, { ca })).toBe(ca);
});

test("plain and secure connections mix on one port", async () => {
  const urls = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? emulator.endpoint : endpoint));
  const answers = await Promise.all(urls.map((url) => get(`${url}/_localemu/info`, { ca })));
  expect(answers.map((answer) => new URL(JSON.parse(answer).endpoint).origin)).toEqual(urls);
});

/** What a client says first. */
async function clientHello(): Promise<Buffer> {
  const server = net.createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const client = tls.connect({ port: typeof address === "object" ? (address?.port ?? 0) : 0, host: "127.0.0.1" });
  client.on("error", () => {});
  const [socket]: net.Socket[] = await once(server, "connection");
  const [hello]: Buffer[] = socket === undefined ? [] : await once(socket, "data");
  client.destroy();
  socket?.destroy();
  server.close();
  return hello ?? Buffer.alloc(0);
}

test("200 short sessions, of which half break off during the handshake", async () => {
  const hello = await clientHello();
  const breakOff = async (): Promise<void> => {
    const socket = net.connect(port, "127.0.0.1");
    socket.write(hello);
    await once(socket, "data");
    socket.resetAndDestroy();
  };
  for (let round = 0; round < 20; round++) {
    const whole = Array.from({ length: 5 }, () => get(`${endpoint}/_localemu/health/live`, { ca, agent: false }));
    const broken = Array.from({ length: 5 }, breakOff);
    expect(new Set(await Promise.all(whole))).toEqual(new Set(['{"status":"live"}']));
    await Promise.all(broken);
  }
});

describe("what is no handshake", () => {
  test.for([
    ["a record of nothing but garbage", Buffer.alloc(400, 0x16)],
    [
      "a greeting that cannot be",
      Buffer.concat([Buffer.from([0x16, 3, 1, 0, 40, 1, 0, 0, 36]), Buffer.alloc(36, 0xff)]),
    ],
  ] as const)("%s: the connection is cut", async ([, bytes]) => {
    const socket = net.connect(port, "127.0.0.1");
    socket.write(bytes);
    socket.resume();
    await once(socket, "close");
    expect(await get(`${endpoint}/_localemu/health/live`, { ca })).toBe('{"status":"live"}');
  });
});

test("stopping ends sessions and handshakes that stand still", async () => {
  const other = await startEmulator();
  const to = { port: Number(new URL(other.endpoint).port), host: "127.0.0.1", rejectUnauthorized: false };
  const idle = await connectTls({ ...to, ALPNProtocols: ["http/1.1"] });
  const half = net.connect(to.port, to.host);
  half.write(Buffer.from([0x16, 3, 1, 2, 0, 1]));
  half.resume();
  const served = new https.Agent({ keepAlive: true });
  await get(`https://127.0.0.1:${to.port}/_localemu/health/live`, { agent: served, rejectUnauthorized: false });
  const closed = Promise.all([once(idle.resume(), "close"), once(half, "close").catch(() => {})]);
  await other.stop();
  await closed;
  served.destroy();
  await expect(connectTls(to)).rejects.toThrow("ECONNREFUSED");
});
