import { beforeEach, describe, expect, test } from "vitest";
import type { Pool } from "./environment-pool.ts";
import { invoke, PoolLab } from "./pool-lab.test.fixture.ts";

let lab: PoolLab;
let pool: Pool;

beforeEach(() => {
  lab = new PoolLab();
  pool = lab.pool();
});

const status = () => pool.provisioned;

describe("provisioned environments", () => {
  test("that end by themselves before anybody used them are replaced a few times, and then no more", () => {
    pool.provision(2);
    for (const puppet of lab.puppets) {
      puppet.start();
      puppet.exit();
      expect(lab.puppets.length).toBeLessThan(10);
    }
    expect(lab.puppets).toHaveLength(4);
    expect(status()).toEqual({ requested: 2, available: 0, failed: true });
    // Whoever asks for them again has them tried again.
    pool.provision(2);
    expect(status().failed).toBe(false);
    expect(lab.puppets).toHaveLength(6);
  });

  test("that end while they are used are replaced each time", async () => {
    pool.provision(1);
    for (let n = 1; n <= 10; n++) {
      lab.puppet(n).start();
      const outcome = invoke(pool, `r${n}`);
      lab.puppet(n).exit();
      expect((await outcome).functionError?.cause).toBe("exit");
    }
    expect(lab.puppets).toHaveLength(11);
    expect(status().failed).toBe(false);
  });

  test("that start too late are tried again, for that is the machine's doing", () => {
    pool.provision(2);
    lab.puppet(1).start();
    lab.time.advance(20_000);
    expect(lab.puppet(2).did).toEqual(["kill"]);
    expect(status()).toEqual({ requested: 2, available: 1, failed: false });
    lab.puppet(3).start();
    expect(status()).toEqual({ requested: 2, available: 2, failed: false });
  });

  test("that always start too late have failed", () => {
    pool.provision(1);
    for (let n = 1; n <= 3; n++) lab.time.advance(20_000);
    expect(lab.puppets).toHaveLength(3);
    expect(status()).toEqual({ requested: 1, available: 0, failed: true });
  });

  test("that cannot initialize have failed at once; where one was used before, they are tried again", async () => {
    pool.provision(1);
    lab.puppet(1).events.started(7);
    lab.puppet(1).exit();
    expect(status().failed).toBe(true);
    pool.provision(1);
    lab.puppet(2).start();
    const outcome = invoke(pool, "a");
    lab.puppet(2).exit();
    await outcome;
    lab.puppet(3).events.started(7);
    lab.puppet(3).exit();
    lab.puppet(4).start();
    expect(status()).toEqual({ requested: 1, available: 1, failed: false });
  });
});
