import { afterEach, describe, expect, test } from "vitest";
import { json, Lab, request, text } from "../temporary-function.test.fixture.ts";
import type { FunctionSpec, LambdaRuntimeOptions } from "../index.ts";
import { AttachedLab, type Attached } from "./attached-lab.test.fixture.ts";

const disposals: (() => unknown)[] = [];

afterEach(async () => {
  for (const dispose of disposals.splice(0)) await dispose();
});

function setUp(spec: Partial<FunctionSpec> = {}, options: LambdaRuntimeOptions = {}) {
  const lab = new Lab(options);
  const pool = lab.deploy("exports.handler = async () => 'own code';", spec);
  const attached = new AttachedLab(pool);
  disposals.push(
    () => lab.dispose(),
    () => attached.close(),
  );
  return { lab, pool, attached };
}

/** Polls, and resolves when the poll is there. */
async function park(lab: Lab, client: Attached): Promise<{ readonly next: ReturnType<Attached["next"]> }> {
  const count = (): number => lab.events.filter(({ type }) => type === "environmentInitialized").length;
  const before = count();
  const next = client.next();
  // Whoever is cut off sees it where it waits.
  next.catch(() => undefined);
  await lab.until(() => count() > before);
  return { next };
}

describe.each(["http1", "http2"] as const)("a process that is attached over %s", (version) => {
  test("gets the invocations, and the function's own code gets none", async () => {
    const { lab, pool, attached } = setUp();
    const client = await attached[version]();
    const { next } = await park(lab, client);
    expect(pool.attached).toBe(1);

    const result = pool.invoke(request({ id: 1 }));
    const event = await next;
    expect(event).toMatchObject({ status: 200, body: '{"id":1}' });
    const polled = client.respond(event.requestId, '"attached"').then(() => client.next());
    expect(json(await result)).toBe("attached");

    const failed = pool.invoke(request({ id: 2 }));
    await client.fail((await polled).requestId, '{"errorType":"Error","errorMessage":"no"}');
    expect(await failed).toMatchObject({ functionError: { cause: "handler" } });
    expect(lab.pids).toEqual([0]);
    expect(lab.log.join("")).toMatch(/START RequestId: .*\n(.*\n)*END RequestId: .*\nREPORT RequestId: /);
  });

  test("has as many invocations at a time as polls; others wait for them", async () => {
    const { lab, pool, attached } = setUp();
    const client = await attached[version]();
    const [first, second] = [await park(lab, client), await park(lab, client)];
    const results = [1, 2, 3].map((id) => pool.invoke(request(id)));
    const [one, two] = await Promise.all([second.next, first.next]);
    expect([one.body, two.body]).toEqual(["1", "2"]);
    await client.respond(two.requestId, "20");
    const three = await client.next();
    expect(three.body).toBe("3");
    await client.respond(three.requestId, "30");
    await client.respond(one.requestId, "10");
    expect((await Promise.all(results)).map(text)).toEqual(["10", "20", "30"]);
  });

  test("leaves: the function's own code runs again", async () => {
    const { lab, pool, attached } = setUp();
    const client = await attached[version]();
    await park(lab, client);
    client.leave();
    await lab.until(() => lab.events.some((event) => event.type === "environmentGone" && event.reason === "detached"));
    expect(json(await pool.invoke(request()))).toBe("own code");
  });

  test("never answers: the invocation times out, and its late answer is refused", async () => {
    const { lab, pool, attached } = setUp({ timeoutMs: 50 });
    const client = await attached[version]();
    const { next } = await park(lab, client);
    const outcome = await pool.invoke(request());
    expect(outcome).toMatchObject({ functionError: { cause: "timeout" } });
    const { requestId } = await next;
    expect(await client.respond(requestId, "1")).toMatchObject({ status: 410 });
    await park(lab, client);
    expect(pool.attached).toBe(1);
  });

  test("is sent away with 410 when the function ends", async () => {
    const { lab, attached } = setUp();
    const { next } = await park(lab, await attached[version]());
    attached.current = undefined;
    await lab.runtime.close();
    expect(await next).toMatchObject({
      status: 410,
      body: '{"errorMessage":"The function is gone","errorType":"Detached"}',
    });
  });

  test("stays when the function is deployed anew", async () => {
    const { lab, pool, attached } = setUp();
    const client = await attached[version]();
    const { next } = await park(lab, client);
    const updated = lab.deploy("");
    attached.pools.push(updated);
    attached.current = updated;
    await pool.close();
    const result = updated.invoke(request({ to: "the new one" }));
    const event = await next;
    expect(event.body).toBe('{"to":"the new one"}');
    await client.respond(event.requestId, "1");
    expect(json(await result)).toBe(1);
  });

  test("finishes what it has of a deployment that ends, and polls for the new one", async () => {
    const { lab, pool, attached } = setUp();
    const client = await attached[version]();
    const { next } = await park(lab, client);
    const first = pool.invoke(request("old"));
    const old = await next;
    const updated = lab.deploy("");
    attached.pools.push(updated);
    attached.current = updated;
    const closed = pool.close();
    await client.respond(old.requestId, "1");
    expect(json(await first)).toBe(1);
    const polled = client.next();
    await closed;
    const second = updated.invoke(request("new"));
    const event = await polled;
    expect(event.body).toBe('"new"');
    await client.respond(event.requestId, "2");
    expect(json(await second)).toBe(2);
  });
});

test("what a session had taken and not answered when it ended is run by another", async () => {
  const { lab, pool, attached } = setUp();
  const [first, second] = [await attached.http2(), await attached.http2()];
  const parked = await park(lab, first);
  const result = pool.invoke(request({ id: 1 }));
  const taken = await parked.next;
  const other = await park(lab, second);
  first.leave();
  const again = await other.next;
  expect(again).toEqual(taken);
  await second.respond(again.requestId, '"second"');
  expect(json(await result)).toBe("second");
  expect(lab.events.filter(({ type }) => type === "invocationGivenBack")).toHaveLength(1);
});

test("what the last session had taken is run by the function's own code", async () => {
  const { lab, pool, attached } = setUp();
  const client = await attached.http2();
  const { next } = await park(lab, client);
  const result = pool.invoke(request());
  await next;
  client.leave();
  expect(json(await result)).toBe("own code");
});

test("where the function has no code, an invocation waits for somebody to poll, but not for ever", async () => {
  const { lab, pool, attached } = setUp({ hasCode: false }, { attachWaitMs: 200 });
  await expect(pool.invoke(request())).rejects.toThrow(
    "Nobody polls for the invocations of function probe: no handler was attached within 0.2 s",
  );
  const result = pool.invoke(request());
  const client = await attached.http1();
  const { next } = await park(lab, client);
  await client.respond((await next).requestId, "1");
  expect(json(await result)).toBe(1);
  expect(lab.pids).toEqual([0]);
});

test("a handler that a debugger holds does not time out before it goes on", async () => {
  const { lab, pool, attached } = setUp({ timeoutMs: 100 });
  const client = await attached.http2();
  const { next } = await park(lab, client);
  pool.pause();
  const held = pool.invoke(request());
  const { requestId } = await next;
  // The time-out of another function, which begins later and is as long, passes meanwhile.
  const other = setUp({ timeoutMs: 100 });
  const { next: never } = await park(other.lab, await other.attached.http2());
  expect(await other.pool.invoke(request())).toMatchObject({ functionError: { cause: "timeout" } });
  await never;
  await client.respond(requestId, "1");
  expect(json(await held)).toBe(1);

  const late = pool.invoke(request());
  await client.next();
  pool.resume();
  expect(await late).toMatchObject({ functionError: { cause: "timeout" } });
});
