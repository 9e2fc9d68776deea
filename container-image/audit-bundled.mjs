/**
 * Fails for advisories on what ships. `npm audit --omit=dev` does not see what is bundled: for npm, that is for development.
 *
 *   npm audit --json | node container-image/audit-bundled.mjs
 */
import { readFileSync } from "node:fs";
import { billOfMaterials, installedWith } from "./sbom.mjs";

const { components } = JSON.parse(billOfMaterials(installedWith("emulator")));
const bundled = new Set(components.map(({ name }) => name));
const { vulnerabilities } = JSON.parse(readFileSync(0, "utf8"));
if (vulnerabilities === undefined) {
  process.stderr.write("standard input is no audit\n");
  process.exit(2);
}
for (const [name, { range, severity }] of Object.entries(vulnerabilities)) {
  if (!bundled.has(name)) continue;
  process.stderr.write(`bundled and vulnerable: ${name} ${range} (${severity})\n`);
  process.exitCode = 1;
}
