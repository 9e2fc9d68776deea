import { expect, test } from "vitest";
import { fakeEngine } from "./fake-engine.test.fixture.ts";
import { OWNER_LABEL, ownerOf, removeOrphans } from "./owner.ts";

const onHost = { container: undefined };
const inContainer = { container: "c0" };
const list = `GET /containers/json?all=1&filters=${JSON.stringify({ label: [OWNER_LABEL] })}`;

/** The same, of another process that is gone: no process has this number. */
function gone(owner: string): string {
  return owner.replace(/\/\d+\/[^/]*$/, "/4194305/1");
}

test.each([
  ["this process", onHost, ownerOf(onHost), []],
  ["this process in its container", inContainer, ownerOf(inContainer), []],
  ["a process of this machine that is gone", onHost, gone(ownerOf(onHost)), ["f0"]],
  ["one whose number another has by now", onHost, ownerOf(onHost).replace(/[^/]*$/, "1"), ["f0"]],
  ["a process of this container that is gone", inContainer, gone(ownerOf(inContainer)), ["f0"]],
  [
    "one with processes of its own on this machine: a container that the engine does not know",
    onHost,
    gone(ownerOf(onHost)).replace(/\.\d+\//, ".1/"),
    [],
  ],
  ["a process of another machine", onHost, "host/another/1/1", []],
  ["a process of the machine, seen from a container", inContainer, gone(ownerOf(onHost)), []],
  ["a container that runs", onHost, "container/c1/1/1", []],
  ["a container that has ended", onHost, "container/c2/1/1", ["f0"]],
  ["a container that is gone", inContainer, "container/c3/1/1", ["f0"]],
])("of %s, containers are removed only when it is gone", async (_, self, owner, removed) => {
  await using fake = await fakeEngine({
    [list]: [200, [{ Id: "f0", Labels: { [OWNER_LABEL]: owner } }]],
    "GET /containers/c1/json": [200, { State: { Running: true } }],
    "GET /containers/c2/json": [200, { State: { Running: false } }],
    "DELETE /containers/f0?force=1&v=1": [409, { message: "removal is already in progress" }],
  });
  await removeOrphans(fake.engine, self);
  const removals = fake.asked.filter((call) => call.startsWith("DELETE"));
  expect(removals).toEqual(removed.map((id) => `DELETE /containers/${id}?force=1&v=1`));
});
