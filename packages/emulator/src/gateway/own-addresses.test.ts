import { describe, expect, test } from "vitest";
import { OwnAddresses } from "./own-addresses.ts";

/** Addresses of a server on port 4566, on a machine where some ports are taken. */
function addressesUnderTest(taken: readonly number[] = []) {
  const asked: string[] = [];
  const addresses = new OwnAddresses((address, port) => {
    asked.push(`${address}:${port}`);
    return taken.includes(port) ? Promise.reject(new Error("EADDRINUSE")) : Promise.resolve(port);
  });
  addresses.add(4566);
  return { addresses, asked };
}

describe("being addressed", () => {
  test("by its own port asks for nothing", () => {
    const { addresses, asked } = addressesUnderTest();
    expect(addresses.addressedAs("127.0.0.1:4566", "http")).toBeUndefined();
    expect(addresses.addressedAs("my-machine:4566", "http")).toBeUndefined();
    expect(asked).toEqual([]);
  });

  test.each(["127.0.0.1:32811", "localhost:32811", "[::1]:32811", "bucket.localhost:32811"])(
    "as %s listens there, once",
    async (host) => {
      const { addresses, asked } = addressesUnderTest();
      const first = addresses.addressedAs(host, "http");
      expect(addresses.addressedAs(host, "http")).toBe(first);
      await first;
      expect(addresses.addressedAs(host, "http")).toBeUndefined();
      expect(asked).toEqual(["127.0.0.1:32811"]);
    },
  );

  test.each(["192.168.0.7:32811", "localemu:32811", "evil.example:32811"])("as %s does not concern us", (host) => {
    const { addresses, asked } = addressesUnderTest();
    expect(addresses.addressedAs(host, "http")).toBeUndefined();
    expect(asked).toEqual([]);
  });

  test("by a port that is taken is tried once and never fails", async () => {
    const { addresses, asked } = addressesUnderTest([32811]);
    await addresses.addressedAs("localhost:32811", "http");
    await addresses.addressedAs("localhost:32811", "http");
    expect(asked).toHaveLength(1);
  });

  test("by ever new ports comes to an end", async () => {
    const { addresses, asked } = addressesUnderTest();
    for (let port = 30_000; port < 30_100; port++) await addresses.addressedAs(`localhost:${port}`, "http");
    expect(asked).toHaveLength(16);
  });
});

describe("the way home", () => {
  test("is the port that the caller used, where we listen on it", async () => {
    const { addresses } = addressesUnderTest();
    await addresses.addressedAs("localhost:32811", "http");
    expect(addresses.homeOf("http://localhost:32811/_world/mine")).toBe("http://127.0.0.1:32811/_world/mine");
    expect(addresses.homeOf("http://127.0.0.1:4566")).toBe("http://127.0.0.1:4566");
  });

  test("is our own port where we could not, and for a caller from elsewhere", async () => {
    const { addresses } = addressesUnderTest([32811]);
    await addresses.addressedAs("localhost:32811", "http");
    expect(addresses.homeOf("http://localhost:32811/_world/mine")).toBe("http://127.0.0.1:4566/_world/mine");
    expect(addresses.homeOf("http://192.168.0.7:9000")).toBe("http://127.0.0.1:4566");
    expect(addresses.homeOf("http://localemu:4566/_world/mine")).toBe("http://127.0.0.1:4566/_world/mine");
  });

  test("never needs our certificate: TLS is on every port beside plain HTTP", async () => {
    const { addresses } = addressesUnderTest();
    await addresses.addressedAs("localhost:32811", "https");
    expect(addresses.homeOf("https://localhost:32811/_world/mine")).toBe("http://127.0.0.1:32811/_world/mine");
    expect(addresses.homeOf("https://host.docker.internal:8443")).toBe("http://127.0.0.1:4566");
  });

  test("is the usual port of the scheme where the caller named none", async () => {
    const { addresses, asked } = addressesUnderTest([80]);
    await addresses.addressedAs("localhost", "https");
    await addresses.addressedAs("localhost", "http");
    expect(asked).toEqual(["127.0.0.1:443", "127.0.0.1:80"]);
    expect(addresses.homeOf("https://localhost")).toBe("http://127.0.0.1:443");
    expect(addresses.homeOf("http://localhost")).toBe("http://127.0.0.1:4566");
  });
});
