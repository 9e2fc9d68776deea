import { expect, test } from "vitest";
import { fakeEngine } from "./fake-engine.test.fixture.ts";
import { Pausing } from "./pausing.ts";

const ok = [204, ""] as const;
const done = {
  "POST /containers/c1/pause": ok,
  "POST /containers/c1/unpause": ok,
  "POST /containers/c2/pause": ok,
  "POST /containers/c2/unpause": ok,
};

test("pauses all containers and lets them go on, in the order in which that was asked for", async () => {
  await using fake = await fakeEngine(done);
  const pausing = new Pausing(fake.engine, new Set(["c1", "c2"]), (problem) => expect.unreachable(problem));
  expect(pausing.unpause()).toBeUndefined();
  pausing.pause();
  await pausing.unpause();
  expect(fake.asked.slice(0, 2).toSorted()).toEqual(["POST /containers/c1/pause", "POST /containers/c2/pause"]);
  expect(fake.asked.slice(2).toSorted()).toEqual(["POST /containers/c1/unpause", "POST /containers/c2/unpause"]);
});

test("what is asked for while the engine is busy counts as it is at the end", async () => {
  await using fake = await fakeEngine(done);
  const pausing = new Pausing(fake.engine, new Set(["c1"]), (problem) => expect.unreachable(problem));
  pausing.pause();
  const unpaused = pausing.unpause();
  pausing.pause();
  await unpaused;
  expect(fake.asked).toEqual(["POST /containers/c1/pause"]);
  await pausing.unpause();
  expect(fake.asked).toEqual(["POST /containers/c1/pause", "POST /containers/c1/unpause"]);
});

test("a container that is gone is no problem", async () => {
  await using fake = await fakeEngine({});
  const pausing = new Pausing(fake.engine, new Set(["c1"]), (problem) => expect.unreachable(problem));
  pausing.pause();
  await pausing.unpause();
  expect(fake.asked).toEqual(["POST /containers/c1/pause"]);
});

test("an engine that cannot pause is asked once, and its reason told", async () => {
  await using fake = await fakeEngine({ "POST /containers/c1/pause": [500, { message: "cgroups: no freezer" }] });
  const problems: string[] = [];
  const pausing = new Pausing(fake.engine, new Set(["c1"]), (problem) => problems.push(problem));
  pausing.pause();
  await pausing.unpause();
  pausing.pause();
  expect(pausing.unpause()).toBeUndefined();
  expect(problems).toEqual(["pause c1: EngineError: cgroups: no freezer"]);
  expect(fake.asked).toEqual(["POST /containers/c1/pause"]);
});
