import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { dataVolume } from "./data-volume.ts";
import { LocalEmuContainer } from "./localemu-container.ts";

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

test.each(["", "state/dir", "~/state", "orders:ro", "-orders"])(
  "%j, which is neither a volume's name nor a path, is refused at once",
  (source) => {
    expect(() => new LocalEmuContainer().withPersistence(source)).toThrow(
      `withPersistence(${JSON.stringify(source)}): that is neither a volume's name ([a-zA-Z0-9][a-zA-Z0-9_.-]+) nor a path, which is absolute or begins with "./"`,
    );
  },
);
