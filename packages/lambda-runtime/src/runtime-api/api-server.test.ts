import { afterEach, expect, test, vi } from "vitest";
import { type Api, ApiServer } from "./api-server.ts";

const servers: ApiServer[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function serve(api: Api) {
  const errors: unknown[] = [];
  const server = new ApiServer(new Map([["v1", api]]), (error) => errors.push(error));
  servers.push(server);
  const address = `127.0.0.1:${await server.listen("127.0.0.1")}`;
  return { errors, call: (path: string, init?: RequestInit) => fetch(`http://${address}/${path}`, init) };
}

test("what an API throws is told, and its caller gets 500; the next call is served", async () => {
  let calls = 0;
  const { errors, call } = await serve({
    handle(request, response) {
      calls++;
      if (calls === 1) throw new TypeError("a bug");
      request.resume();
      response.end("fine");
    },
  });
  const failed = await call("v1/runtime", { method: "POST", body: "x".repeat(100_000) });
  expect(failed.status).toBe(500);
  expect(await failed.json()).toEqual({ errorMessage: "Internal Server Error", errorType: "InternalServerError" });
  expect(errors).toEqual([new TypeError("a bug")]);
  expect(await (await call("v1/runtime")).text()).toBe("fine");
});

const throwing = (): never => {
  throw new TypeError("a bug");
};

test.each<[string, Api["handle"]]>([
  ["while its body arrives", (request) => void request.on("data", throwing)],
  [
    "at the end of its body",
    (request) => {
      request.on("end", throwing);
      request.resume();
    },
  ],
])("so is what it throws %s", async (_, handle) => {
  const { errors, call } = await serve({ handle });
  const failed = await call("v1/runtime", { method: "POST", body: "x" });
  expect(failed.status).toBe(500);
  expect(errors).toEqual([new TypeError("a bug")]);
});

test("what throws when the caller has gone is told", async () => {
  const gone = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const { errors, call } = await serve({
    handle(_, response) {
      response.on("close", () => {
        gone.resolve();
        throw new TypeError("a bug");
      });
      arrived.resolve();
    },
  });
  const caller = new AbortController();
  const lost = call("v1/runtime", { signal: caller.signal });
  await arrived.promise;
  caller.abort();
  await expect(lost).rejects.toThrow(/abort/);
  await gone.promise;
  expect(errors).toEqual([new TypeError("a bug")]);
});

test("what throws after its reply began breaks the connection off", async () => {
  const { errors, call } = await serve({
    handle(_, response) {
      response.writeHead(200, {});
      throw new Error("late");
    },
  });
  await expect(call("v1/x").then((reply) => reply.text())).rejects.toThrow(/terminated|fetch failed/);
  expect(errors).toHaveLength(1);
});

test("another version is not there", async () => {
  const { call } = await serve({ handle: (_, response) => void response.end() });
  expect((await call("v2/runtime")).status).toBe(404);
});

test("a request may take as long as the function may run, and a poll as long as nobody invokes", () => {
  const create = vi.spyOn(process.getBuiltinModule("node:http"), "createServer");
  servers.push(new ApiServer(new Map(), () => undefined));
  const [made] = create.mock.results;
  create.mockRestore();
  // Node's own: a request has 300 s, its headers 60 s, and a connection 5 s between two of them.
  expect(made?.value).toMatchObject({ requestTimeout: 0, headersTimeout: 0, keepAliveTimeout: 0, timeout: 0 });
});
