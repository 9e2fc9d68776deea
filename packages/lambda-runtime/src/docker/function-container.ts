import type { FunctionSpec } from "../contract.ts";
import { findBootstrap } from "../process/own-bootstrap.ts";
import type { Engine } from "./engine.ts";
import { textsOf } from "./json-member.ts";
import { OWNER_LABEL, ownerOf } from "./owner.ts";
import type { Placement } from "./placement.ts";
import { tarOf } from "./tar.ts";

/** Where the containers of one execution are. */
export interface ContainerPlace {
  readonly placement: Placement;
  /** What it shares with others of its execution: as the first of them, with that first one, or nothing. */
  readonly sharing: "first" | { readonly first: string } | undefined;
}

/** The engine's request for a container that runs a function, with these variables. */
export async function runtimeContainer(
  engine: Engine,
  spec: FunctionSpec,
  place: ContainerPlace,
  environment: Readonly<Record<string, string>>,
): Promise<object> {
  return containerOf(spec, place, { environment, ...(await runtimeProgram(engine, spec)) });
}

/** The engine's request for a container that runs an extension of it: a file of the image, or of a layer. */
export function extensionContainer(
  spec: FunctionSpec,
  place: ContainerPlace,
  environment: Readonly<Record<string, string>>,
  file: string,
): object {
  return containerOf(spec, place, { environment, entryPoint: [file] });
}

/** What is copied into a container before it starts: of a function from a zip, its code and layers, where AWS has them. */
export function filesOf({ runtime, taskRoot, optRoot }: FunctionSpec): AsyncIterable<Uint8Array> | undefined {
  if (runtime === "") return undefined;
  return tarOf({ "var/task": taskRoot, ...(optRoot === undefined ? {} : { opt: optRoot }) });
}

interface Program {
  readonly environment: Readonly<Record<string, string>>;
  readonly entryPoint?: readonly string[] | undefined;
  readonly command?: readonly string[] | undefined;
  readonly workingDirectory?: string | undefined;
}

/** What runs the function. Throws InvalidEntrypointError for one with its own runtime that has none. */
async function runtimeProgram(engine: Engine, spec: FunctionSpec): Promise<Omit<Program, "environment">> {
  const { runtime, handler, taskRoot, optRoot } = spec;
  const { id, entryPoint, command, workingDirectory } = imageOf(spec);
  if (runtime === "") {
    // Assumed: each member takes the place of the image's own by itself. Docker would drop the command with the entry point.
    const kept = entryPoint !== undefined && command === undefined ? await commandOf(engine, id) : command;
    return { entryPoint, command: kept, workingDirectory };
  }
  // AWS's base images for these look for it in /var/runtime alone (their lambda-entrypoint.sh).
  if (runtime.startsWith("provided")) return { entryPoint: [findBootstrap(taskRoot, optRoot).name], ...inTask };
  // AWS: the entry point of base images takes the handler (their lambda-entrypoint.sh).
  return { command: [handler], ...inTask };
}

const inTask = { workingDirectory: "/var/task" };

function containerOf(
  spec: FunctionSpec,
  { placement, sharing }: ContainerPlace,
  { environment, entryPoint, command, workingDirectory }: Program,
): object {
  const memory = spec.memorySizeMb * 1024 * 1024;
  return {
    Image: imageOf(spec).id,
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    ...(entryPoint === undefined ? {} : { Entrypoint: entryPoint }),
    ...(command === undefined ? {} : { Cmd: command }),
    ...(workingDirectory === undefined ? {} : { WorkingDir: workingDirectory }),
    // AWS: runtime and extensions share it, and can write nowhere else (AWS docs).
    ...(sharing === "first" ? { Volumes: { "/tmp": {} } } : {}),
    Labels: labelsOf(placement, spec.functionName),
    HostConfig: {
      // Also where nobody is left who would remove it.
      AutoRemove: true,
      // It is read from the attached output, and kept nowhere else.
      LogConfig: { Type: "none" },
      Memory: memory,
      MemorySwap: memory,
      ...networkOf(placement, sharing),
    },
    // AWS: by this name an environment finds itself. With another's network comes its name.
    ...(typeof sharing === "object" ? {} : { Hostname: "sandbox", Domainname: "localdomain" }),
  };
}

/** By which containers are found: whose they are, and of which function. */
export function labelsOf(placement: Placement, functionName: string): Record<string, string> {
  return { ...placement.labels, [OWNER_LABEL]: ownerOf(placement), "localemu.function": functionName };
}

function networkOf({ network, extraHosts }: Placement, sharing: ContainerPlace["sharing"]): object {
  // AWS: an extension and the runtime find each other on localhost.
  if (typeof sharing === "object") {
    return { NetworkMode: `container:${sharing.first}`, VolumesFrom: [sharing.first] };
  }
  return { ExtraHosts: extraHosts, ...(network === undefined ? {} : { NetworkMode: network }) };
}

function imageOf({ image, functionName }: FunctionSpec): NonNullable<FunctionSpec["image"]> {
  if (image === undefined) throw new Error(`${functionName} has no container image`);
  return image;
}

async function commandOf(engine: Engine, image: string): Promise<string[]> {
  return textsOf(await engine.find(`/images/${encodeURIComponent(image)}/json`), "Config", "Cmd");
}
