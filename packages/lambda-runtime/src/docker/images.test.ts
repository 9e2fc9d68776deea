import { expect, test } from "vitest";
import { Engine } from "./engine.ts";
import { fakeEngine } from "./fake-engine.test.fixture.ts";
import { findImage, pullImage } from "./images.ts";

const id = `sha256:${"a".repeat(64)}`;
const digest = `sha256:${"b".repeat(64)}`;

test.each([
  ["orders:1", "orders"],
  ["registry:5000/team/orders", "registry:5000/team/orders"],
  ["registry:5000/team/orders:1", "registry:5000/team/orders"],
  [`orders@${digest}`, "orders"],
])("%s is known by the digest of %s, or by its id", async (uri, name) => {
  const path = `GET /images/${uri}/json`;
  const digests = [`other@${id}`, `${name}@${digest}`];
  await using known = await fakeEngine({ [path]: [200, { Id: id, RepoDigests: digests }] });
  expect(await findImage(known.engine, uri)).toEqual({ id, resolvedUri: `${name}@${digest}` });
  await using local = await fakeEngine({ [path]: [200, { Id: id, RepoDigests: null }] });
  expect(await findImage(local.engine, uri)).toEqual({ id, resolvedUri: `${name}@${id}` });
});

test.each([
  ["orders", "POST /images/create?fromImage=orders&tag=latest"],
  ["registry:5000/orders:1", "POST /images/create?fromImage=registry:5000/orders&tag=1"],
  [`orders@${digest}`, `POST /images/create?fromImage=orders&tag=${digest}`],
  [`registry:5000/orders:1@${digest}`, `POST /images/create?fromImage=registry:5000/orders&tag=${digest}`],
])("%s is pulled as one image", async (uri, call) => {
  const progress = '{"status":"Pulling"}\r\n{"status":"Done"}\r\n';
  await using fake = await fakeEngine({ [call]: [200, progress], [`GET /images/${uri}/json`]: [200, { Id: id }] });
  expect(await pullImage(fake.engine, uri)).toMatchObject({ id });
});

test("what goes wrong in the course of a pull is its error", async () => {
  const progress = '{"status":"Pulling"}\r\n{"error":"manifest unknown"}\r\n';
  await using fake = await fakeEngine({ "POST /images/create?fromImage=orders&tag=1": [200, progress] });
  await expect(pullImage(fake.engine, "orders:1")).rejects.toThrow("manifest unknown");
});

test("what the engine refuses is its message", async () => {
  await using fake = await fakeEngine({ "GET /images/orders/json": [500, { message: "disk is full" }] });
  await expect(findImage(fake.engine, "orders")).rejects.toMatchObject({ status: 500, message: "disk is full" });
});

test.each([
  ["tcp://127.0.0.1:1", /^no Docker engine answers at tcp:\/\/127\.0\.0\.1:1 \(.*ECONNREFUSED/],
  ["unix:///no/such.sock", /^no Docker engine answers at unix:\/\/\/no\/such\.sock \(.*ENOENT/],
  ["ssh://host", /^DOCKER_HOST must begin with unix:\/\/, npipe:\/\/ or tcp:\/\/, not "ssh:\/\/host"$/],
])("without an engine at %s, that is the error", async (host, message) => {
  await expect(findImage(new Engine(host), "orders")).rejects.toThrow(message);
});
