import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

/**
 * Lets `import` find packages in the `node_modules` of NODE_PATH, as `require` does. AWS: from nodejs18.x on, so that ES modules
 * find what layers have (AWS's announcement of that runtime); Node.js alone looks there for `require` only.
 */
export function importAlongNodePath(nodePath: string | undefined): void {
  // Hooks cost something with every module: few functions have layers with packages.
  const folders = (nodePath ?? "").split(":").filter((path) => basename(path) === "node_modules" && existsSync(path));
  if (folders.length === 0) return;
  const parents = folders.map((folder) => pathToFileURL(join(dirname(folder), "module.mjs")).href);
  process.getBuiltinModule("node:module").registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (!isPackage(specifier) || !isMissing(error)) throw error;
        for (const parentURL of parents) {
          try {
            return next(specifier, { ...context, parentURL });
          } catch (other) {
            if (!isMissing(other)) throw other;
          }
        }
        throw error;
      }
    },
  });
}

function isPackage(specifier: string): boolean {
  return !/^(?:[./#]|[a-z]+:)/.test(specifier);
}

/** Only `import` fails so. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && Reflect.get(error, "code") === "ERR_MODULE_NOT_FOUND";
}
