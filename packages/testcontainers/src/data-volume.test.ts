import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dataVolume } from "./data-volume.ts";

test("a name is a volume of the engine's, which the image's user may write", async () => {
  expect(await dataVolume("orders-state")).toEqual({ bind: "orders-state:/var/lib/localemu", user: undefined });
});

test.skipIf(process.platform === "win32")(
  "a path is a directory of this machine, which its owner may write",
  async () => {
    const parent = mkdtempSync(join(tmpdir(), "data-volume-"));
    try {
      const directory = join(parent, "made", "here");
      const { bind, user } = await dataVolume(directory);
      const { uid, gid } = statSync(directory);
      expect({ bind, user }).toEqual({ bind: `${directory}:/var/lib/localemu`, user: `${uid}:${gid}` });
      expect((await dataVolume(".")).bind).toBe(`${process.cwd()}:/var/lib/localemu`);
    } finally {
      rmSync(parent, { recursive: true });
    }
  },
);
