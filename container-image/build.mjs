/**
 * Builds the container image from the built packages.
 *
 *   node container-image/build.mjs [--tag <image>]   default localemu/localemu:<version>
 *
 * NODE_IMAGE names another base than the Dockerfile's, e.g. one of a mirror.
 */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { billOfMaterials, installedWith } from "./sbom.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const packages = join(here, "..", "packages");
const context = join(here, "build");
/** What of a package is in the image, by folder. */
const runs = { dist: ".js", python: ".py" };

const args = process.argv.slice(2);
if (args.length > 0 && (args.length !== 2 || args[0] !== "--tag")) fail("usage: build.mjs [--tag <image>]");

const { version } = readManifest("emulator");
const tag = args[1] ?? `localemu/localemu:${version}`;
stage();
build();

/** Lays the emulator and the packages that it needs out as an installation would: what runs and package.json under node_modules. */
function stage() {
  rmSync(context, { recursive: true, force: true });
  const names = installedWith("emulator");
  for (const name of names) {
    const from = join(packages, name);
    const to = join(context, "node_modules", "@localemu", name);
    if (!existsSync(join(from, "dist"))) fail(`packages/${name} is not built: npm run build`);
    stageFile(join(from, "package.json"), join(to, "package.json"));
    for (const [folder, ending] of Object.entries(runs)) stageFolder(join(from, folder), join(to, folder), ending);
  }
  stageFile(join(here, "health-check.mjs"), join(context, "health-check.mjs"));
  stageFile(join(here, "..", "LICENSE"), join(context, "LICENSE"));
  const bill = join(context, "sbom.cdx.json");
  writeFileSync(bill, billOfMaterials(names));
  chmodSync(bill, 0o644);
}

function stageFolder(from, to, ending) {
  if (!existsSync(from)) return;
  for (const file of readdirSync(from, { recursive: true, encoding: "utf8" })) {
    if (file.endsWith(ending) && !file.split(sep).includes("node_modules")) stageFile(join(from, file), join(to, file));
  }
}

/** Readable for every user of the container, whatever the umask here is. */
function stageFile(from, to) {
  mkdirSync(dirname(to), { recursive: true });
  copyFileSync(from, to);
  chmodSync(to, 0o644);
  for (let directory = dirname(to); directory.startsWith(context); directory = dirname(directory)) {
    chmodSync(directory, 0o755);
  }
}

function build() {
  const base = process.env["NODE_IMAGE"];
  const buildArgs = ["--build-arg", `VERSION=${version}`, ...(base ? ["--build-arg", `NODE_IMAGE=${base}`] : [])];
  const file = join(here, "Dockerfile");
  const { error, status } = spawnSync("docker", ["build", "--tag", tag, "--file", file, ...buildArgs, context], {
    stdio: "inherit",
  });
  if (error?.code === "ENOENT") fail("the image is built by the command `docker`, which is not installed here");
  if (error) fail(`docker build could not be started: ${error.message}`);
  if (status !== 0) fail(`docker build failed (exit code ${status}), see above. Is a Docker engine running?`);
  process.stdout.write(`Built ${tag}\n`);
}

function readManifest(name) {
  return JSON.parse(readFileSync(join(packages, name, "package.json"), "utf8"));
}

function fail(message) {
  process.stderr.write(`image: ${message}\n`);
  process.exit(1);
}
