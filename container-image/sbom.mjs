/**
 * The software bill of materials of what ships, as CycloneDX JSON: LocalEmu's own packages and those that are bundled into them,
 * by what the bundler says that it has put in. (`npm sbom` knows what is installed, and nothing of bundles.) What the image's base
 * brings, Node.js and the distribution, is told by the base.
 *
 *   npm run --silent sbom     after `npm run build`; the image has it at /opt/localemu/sbom.cdx.json
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

/** The bill of these of LocalEmu's packages, in their order; the first is what all others are for. */
export function billOfMaterials(names) {
  const own = [...names].map((name) => ownPackage(name));
  const bundled = new Map(own.flatMap(({ bundles }) => bundles).map((component) => [component["bom-ref"], component]));
  const [application] = own;
  const bill = {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: { ...application.component, type: "application" } },
    components: [...own.slice(1).map(({ component }) => component), ...bundled.values()],
    dependencies: own.map(({ component, bundles, manifest }) => ({
      ref: component["bom-ref"],
      dependsOn: [
        ...Object.entries(manifest.dependencies ?? {}).map(([name, version]) => locator(name, version)),
        ...bundles.map((bundle) => bundle["bom-ref"]),
      ],
    })),
  };
  return `${JSON.stringify(bill, undefined, 2)}\n`;
}

/** The package and those of this repository that it depends on. No others: everything else is bundled. */
export function installedWith(name, found = new Set()) {
  if (found.has(name)) return found;
  found.add(name);
  for (const dependency of Object.keys(readJson(join(root, "packages", name, "package.json")).dependencies ?? {})) {
    if (!dependency.startsWith("@localemu/"))
      throw new Error(`packages/${name} depends on ${dependency}, which is not in the image`);
    installedWith(dependency.slice("@localemu/".length), found);
  }
  return found;
}

function ownPackage(name) {
  const folder = join(root, "packages", name);
  const manifest = readJson(join(folder, "package.json"));
  const list = join(folder, "dist", "bundled-packages.json");
  const bundles = existsSync(list) ? readJson(list).map(componentOf) : [];
  return { manifest, bundles, component: componentOf(manifest) };
}

function componentOf({ name, version, license }) {
  const integrity = integrities().get(`${name}@${version}`);
  return {
    type: "library",
    "bom-ref": locator(name, version),
    name,
    version,
    purl: locator(name, version),
    licenses: [{ license: { id: license } }],
    ...(integrity && { hashes: [{ alg: "SHA-512", content: Buffer.from(integrity, "base64").toString("hex") }] }),
  };
}

/** As package URLs have it. */
function locator(name, version) {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

let kept;

/** The SHA-512 of the registry's archives, from the lockfile. */
function integrities() {
  kept ??= new Map(
    Object.entries(readJson(join(root, "package-lock.json")).packages)
      .filter(([, { integrity }]) => integrity?.startsWith("sha512-"))
      .map(([path, entry]) => [`${path.replace(/^.*node_modules\//, "")}@${entry.version}`, entry.integrity.slice(7)]),
  );
  return kept;
}

function readJson(path) {
  return JSON.parse(readFileSync(path, "utf8"));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  if (!existsSync(join(root, "packages", "emulator", "dist", "bundled-packages.json"))) {
    process.stderr.write("sbom: nothing is built: npm run build\n");
    process.exit(1);
  }
  process.stdout.write(billOfMaterials(installedWith("emulator")));
}
