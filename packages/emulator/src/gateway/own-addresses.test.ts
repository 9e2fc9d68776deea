import { expect, test } from "vitest";
import { OwnAddresses } from "./own-addresses.ts";

function ownAddresses(taken: readonly number[] = []) {
  const listened: number[] = [];
  const addresses = new OwnAddresses((_, port) => {
    if (taken.includes(port)) return Promise.reject(new Error("EADDRINUSE"));
    listened.push(port);
    return Promise.resolve(port);
  });
  addresses.add(4566);
  return { addresses, listened };
}

test.for([
  ["http://127.0.0.1:4566", "http://127.0.0.1:4566"],
  ["http://localhost:4566/_localemu/worlds/w", "http://127.0.0.1:4566/_localemu/worlds/w"],
  ["https://localhost:4566", "http://127.0.0.1:4566"],
  ["https://host.docker.internal:8443/p", "http://127.0.0.1:4566/p"],
  ["https://localhost", "http://127.0.0.1:4566"],
] as const)("from %s home is %s", ([origin, home]) => {
  expect(ownAddresses().addresses.homeOf(origin)).toBe(home);
});

test("a mapped port is listened on once, and home is there", async () => {
  const { addresses, listened } = ownAddresses();
  await addresses.addressedAs("localhost:32811", "https");
  await addresses.addressedAs("localhost:32811", "http");
  expect(listened).toEqual([32_811]);
  expect(addresses.homeOf("https://localhost:32811/p")).toBe("http://127.0.0.1:32811/p");
});

test("a host without a port means the one of its scheme", async () => {
  const { addresses, listened } = ownAddresses([80]);
  await addresses.addressedAs("localhost", "https");
  await addresses.addressedAs("localhost", "http");
  expect(listened).toEqual([443]);
  expect(addresses.homeOf("https://localhost")).toBe("http://127.0.0.1:443");
  expect(addresses.homeOf("http://localhost")).toBe("http://127.0.0.1:4566");
});
