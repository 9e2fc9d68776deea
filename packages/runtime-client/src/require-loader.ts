import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";

/** Loads a module as runtimes up to nodejs22.x do: by `require`, but where only `import` can (aws-lambda-ric 3). */
export async function loadByRequire(taskRoot: string, folder: string, name: string): Promise<unknown> {
  const require = createRequire(__filename);
  const file = resolve(taskRoot, folder, name);
  const asModule = hasModuleType(file);
  const required = (extension: string): unknown =>
    existsSync(file + extension) ? require(file + extension) : undefined;
  const imported = async (extension: string): Promise<unknown> =>
    existsSync(file + extension) ? import(file + extension) : undefined;
  return (
    required("") ||
    (asModule ? await imported(".js") : required(".js")) ||
    (await imported(".mjs")) ||
    required(".cjs") ||
    require(require.resolve(name, { paths: [taskRoot, folder] }))
  );
}

function hasModuleType(file: string): boolean {
  return existsSync(`${file}.js`) && isModuleFolder(dirname(file));
}

/** Whether the nearest package.json says `"type": "module"`. */
function isModuleFolder(folder: string): boolean {
  if (folder.endsWith("/node_modules")) {
    return false;
  }
  const path = join(folder, "package.json");
  if (existsSync(path)) {
    try {
      const content: unknown = JSON.parse(readFileSync(path, "utf8"));
      if (typeof content === "object" && content !== null) {
        return Reflect.get(content, "type") === "module";
      }
    } catch (error) {
      // eslint-disable-next-line no-console -- AWS: the function's own log gets this warning (aws-lambda-ric 3).
      console.warn(`${path} cannot be read, it will be ignored for ES module detection purposes.`, error);
      return false;
    }
  }
  return folder === "/" ? false : isModuleFolder(dirname(folder));
}
