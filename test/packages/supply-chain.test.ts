import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

interface Component {
  readonly name: string;
  readonly version: string;
  readonly purl: string;
  readonly licenses: readonly { readonly license: { readonly id: string } }[];
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
}

interface Bill {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

interface LockEntry {
  readonly version: string;
  readonly integrity?: string;
  readonly hasInstallScript?: boolean;
}

const lock: { readonly packages: Readonly<Record<string, LockEntry>> } = JSON.parse(
  readFileSync(join(root, "package-lock.json"), "utf8"),
);

function bill(): Bill {
  const { stdout, stderr, status } = spawnSync(process.execPath, ["container-image/sbom.mjs"], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 16 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

/** Packages of others in the bundles of a package: esbuild says in a comment where each module of a bundle comes from. */
function bundledInto(name: string): Set<string> {
  const dist = join(root, "packages", name, "dist");
  const bundles = readdirSync(dist, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".js"));
  const origin = /^\s*\/\/ (?:[\w-]+:)?(?:\S*\/)?node_modules\/((?:@[^/\s]+\/)?[^/\s]+)\//gm;
  const texts = bundles.map((file) => readFileSync(join(dist, file), "utf8"));
  return new Set(texts.flatMap((text) => [...text.matchAll(origin)].map(([, found = ""]) => found)));
}

describe("the bill of materials", () => {
  const { bomFormat, specVersion, metadata, components, dependencies } = bill();
  const others = components.filter(({ name }) => !name.startsWith("@localemu/"));

  test("has each package that is in a bundle, with version, license and checksum", () => {
    expect({ bomFormat, specVersion }).toEqual({ bomFormat: "CycloneDX", specVersion: "1.6" });
    const bundled = bundledInto("emulator");
    expect([...bundled]).toEqual(expect.arrayContaining(["fauxqs", "dynalite", "@smithy/core", "yauzl"]));
    expect(new Set(others.map(({ name }) => name))).toEqual(bundled);
    for (const { name, version, purl, licenses, hashes } of others) {
      const entry = Object.entries(lock.packages).find(
        ([path, at]) => path.endsWith(`node_modules/${name}`) && at.version === version,
      );
      const sha512 = Buffer.from(entry?.[1].integrity?.replace("sha512-", "") ?? "", "base64").toString("hex");
      expect({ name, purl, licenses, hashes }).toEqual({
        name,
        purl: `pkg:npm/${name.replace("@", "%40")}@${version}`,
        licenses: [{ license: { id: expect.stringMatching(/^[\w.-]+$/) } }],
        hashes: [{ alg: "SHA-512", content: sha512 }],
      });
    }
  });

  test("has LocalEmu's own packages, and says what needs what", () => {
    expect(metadata.component.name).toBe("@localemu/emulator");
    const own = components.filter(({ name }) => name.startsWith("@localemu/"));
    expect(own.map(({ name }) => name).toSorted()).toEqual([
      "@localemu/control",
      "@localemu/lambda-runtime",
      "@localemu/runtime-client",
    ]);
    const known = new Set([metadata.component, ...components].map(({ purl }) => purl));
    expect(dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]).filter((ref) => !known.has(ref))).toEqual(
      [],
    );
  });

  test("is all that ships: other packages bundle nothing of others", () => {
    const bundling = readdirSync(join(root, "packages")).filter((name) => bundledInto(name).size > 0);
    expect(bundling).toEqual(["emulator"]);
  });

  test("has licenses only that ask for no more than to be named", () => {
    const allowed = new Set([
      "0BSD",
      "Apache-2.0",
      "BlueOak-1.0.0",
      "BSD-2-Clause",
      "BSD-3-Clause",
      "CC0-1.0",
      "ISC",
      "MIT",
    ]);
    const all = [metadata.component, ...components];
    const foreign = all.filter(({ licenses }) => !licenses.every(({ license }) => allowed.has(license.id)));
    expect(foreign.map(({ name, licenses }) => [name, licenses])).toEqual([]);
  });
});

/** What runs a script of its own when it is installed for development, and why that may be. None of it ships. */
const installScripts: Readonly<Record<string, string>> = {
  "@parcel/watcher": "builds a watcher of files where none is prebuilt; Jest brings it",
  "classic-level":
    "loads a prebuilt LevelDB, of which dynalite's own store is made; ours takes its place in the bundle",
  "cpu-features": "optional, for ssh2",
  esbuild: "checks that its program for the platform is there",
  protobufjs: "tells of versions that do not fit; Testcontainers brings it",
  ssh2: "tries to build faster ciphers; Testcontainers brings it, for engines behind SSH",
};

test("packages that run scripts when they are installed are known", () => {
  const running = Object.entries(lock.packages).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript === true ? [path.replace(/^.*node_modules\//, "")] : [],
  );
  expect([...new Set(running)].toSorted()).toEqual(Object.keys(installScripts).toSorted());
});

test("published packages run no scripts when they are installed", () => {
  const manifests = readdirSync(join(root, "packages")).map((name): { name: string; scripts?: object } =>
    JSON.parse(readFileSync(join(root, "packages", name, "package.json"), "utf8")),
  );
  const hooks = ["preinstall", "install", "postinstall", "prepare"];
  expect(manifests.filter(({ scripts = {} }) => hooks.some((hook) => hook in scripts)).map(({ name }) => name)).toEqual(
    [],
  );
});

describe("what an audit says", () => {
  const audited = (names: readonly string[]) =>
    spawnSync(process.execPath, ["container-image/audit-bundled.mjs"], {
      cwd: root,
      encoding: "utf8",
      input: JSON.stringify({
        vulnerabilities: Object.fromEntries(names.map((name) => [name, { severity: "high", range: "<99" }])),
      }),
    });

  test("of tools alone is no failure of what ships", () => {
    expect(audited(["vitest"])).toMatchObject({ status: 0, stderr: "" });
  });

  test("of a bundled package is one", () => {
    expect(audited(["vitest", "yauzl"])).toMatchObject({
      status: 1,
      stderr: "bundled and vulnerable: yauzl <99 (high)\n",
    });
  });

  test("must be an audit", () => {
    expect(audited([]).status).toBe(0);
    const { status } = spawnSync(process.execPath, ["container-image/audit-bundled.mjs"], {
      cwd: root,
      input: '{"error":{}}',
    });
    expect(status).toBe(2);
  });
});
