import { findExtensions } from "./extension-processes.ts";
import { functionEnvironment } from "./function-environment.ts";
import { chooseCommand, launch } from "./launch-process.ts";
import { isPython, pythonDirectory, PythonPrograms } from "./python.ts";
import type { Site } from "./site.ts";
import { endLeftovers, leftoversEnded } from "./leftovers.ts";

const LOOPBACK = { bind: "127.0.0.1", host: "127.0.0.1" };

/** Child processes on this machine. `bootstrapPath` is the file that runs functions for Node.js. */
export function processSite(bootstrapPath: string): Site {
  const searchPath = process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin";
  const pythons = new PythonPrograms(searchPath);
  return {
    async place({ runtime }) {
      if (isPython(runtime)) await pythons.find(runtime);
      return LOOPBACK;
    },
    findExtensions: async ({ optRoot }) => findExtensions(optRoot),
    environment({ spec, logStream, temporaryDirectory }, runtimeApi) {
      const path = process.getBuiltinModule("node:path");
      return functionEnvironment(spec, {
        runtimeApi,
        logStream,
        temporaryDirectory,
        runtimeDirectory: isPython(spec.runtime) ? pythonDirectory() : path.dirname(bootstrapPath),
        languageDirectory: path.dirname(process.execPath),
        path: searchPath,
      });
    },
    start: ({ spec, hostTime, user }, { environment, onMessage }) =>
      launch({
        command: chooseCommand(spec, bootstrapPath, pythons),
        workingDirectory: spec.taskRoot,
        user,
        environment,
        hostTime,
        onMessage,
      }),
    startExtension({ spec, hostTime, user }, file, { environment, onMessage }) {
      const { accessSync, constants } = process.getBuiltinModule("node:fs");
      try {
        accessSync(file, constants.X_OK);
      } catch {
        return "PermissionDenied";
      }
      const command = { file, args: [] };
      const started = launch({ command, workingDirectory: spec.taskRoot, user, environment, hostTime, onMessage });
      return started.pid === 0 ? "UnknownError" : started;
    },
    leave: ({ temporaryDirectory, user }) => endLeftovers(directoryOf(temporaryDirectory), user),
    left: ({ temporaryDirectory }) => leftoversEnded(directoryOf(temporaryDirectory)),
  };
}

/** The environment's, whose part this is. */
function directoryOf(temporaryDirectory: string): string {
  return process.getBuiltinModule("node:path").dirname(temporaryDirectory);
}
