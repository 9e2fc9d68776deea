import { assertNodeVersion } from "./assert-node-version.ts";

// Imported before anything that needs it.
assertNodeVersion(process.versions.node);
