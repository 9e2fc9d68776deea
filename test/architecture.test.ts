import { basename } from "node:path/posix";
import { describe, expect, test } from "vitest";
import { entriesOf, readSource, readText, sourcePaths } from "./source-files.ts";
import type { Import, SourceFile } from "./source-files.ts";

const sources = new Map(sourcePaths().map((path) => [path, readSource(path)]));
const product = [...sources.values()].filter(({ path }) => /^packages\/[^/]+\/src\//.test(path) && !isTest(path));

function isTest(path: string): boolean {
  return /\.test\.(fixture\.)?ts$/.test(path);
}

interface PackageRule {
  readonly type: "commonjs" | "module";
  /** Packages of this repository that it loads or names. */
  readonly imports: readonly string[];
  /** An optional peer that it loads only when it is asked for. */
  readonly loads?: string;
}

const packages: { readonly [name: string]: PackageRule } = {
  "runtime-client": { type: "commonjs", imports: [] },
  "lambda-runtime": { type: "module", imports: ["@localemu/runtime-client"] },
  emulator: { type: "module", imports: ["@localemu/lambda-runtime", "@localemu/control"] },
  control: { type: "commonjs", imports: [] },
  testkit: {
    type: "commonjs",
    imports: ["@localemu/control", "@localemu/runtime-client"],
    loads: "@localemu/emulator",
  },
  testcontainers: { type: "commonjs", imports: ["@localemu/control", "@localemu/testkit"] },
  vitest: { type: "module", imports: ["@localemu/testkit"], loads: "@localemu/testcontainers" },
  jest: { type: "commonjs", imports: ["@localemu/testkit"], loads: "@localemu/testcontainers" },
};

describe.each(entriesOf("packages"))("the package %s", (name) => {
  const rule = packages[name];
  const files = product.filter(({ path }) => path.startsWith(`packages/${name}/`));

  test("has one format", () => {
    expect(JSON.parse(readText(`packages/${name}/package.json`))).toMatchObject({ type: rule?.type });
  });

  test("imports only the packages that it may", () => {
    const forbidden = importsOf(files, ({ target, dynamic }) => {
      if (target.startsWith("packages/")) return !target.startsWith(`packages/${name}/`);
      if (!target.startsWith("@localemu/")) return false;
      const imported = target.split("/").slice(0, 2).join("/");
      return !(rule?.imports.includes(imported) ?? false) && !(dynamic && imported === rule?.loads);
    });
    expect(forbidden).toEqual([]);
  });
});

/** Who may import what inside the emulator. Paths begin at its `src`, modules of others have their names. */
interface FolderRule {
  readonly files: RegExp;
  /** What may be loaded, and named as a type as well. */
  readonly imports: RegExp;
  /** What may be named as a type besides. */
  readonly types?: RegExp;
}

/** Builds the world and the server from the parts, and is imported by none of them. */
const compositionRoot =
  /^(world|worlds|world-services|world-lambda|world-authorization|mapping-access|stream-source|queue-source|read-s3-object|server|index|main)\.ts$/;

const anything = /^/;
const services = ["dynamodb", "iam", "identity", "kinesis", "lambda", "logs", "messaging"];

/** The first rule that fits a file is its rule. */
const folders: readonly FolderRule[] = [
  { files: compositionRoot, imports: anything },
  { files: /^core\//, imports: /^core\// },
  { files: /^storage\//, imports: /^(core|storage)\//, types: /^node:sqlite$/ },
  // Bodies are typed by the SDK's schemas, which are loaded when a service is first called, CBOR when it is first spoken.
  {
    files: /^protocols\//,
    imports: /^(core\/|protocols\/|@aws-sdk\/client-[^/]+\/dist-es\/schemas\/|@smithy\/core\/cbor$)/,
  },
  // Loaded when a client first asks for TLS, so what it needs of Node.js costs the start nothing.
  { files: /^gateway\/tls\//, imports: /^(gateway\/(tls\/|access\.ts$)|core\/|node:(crypto|net|os|tls)$)/ },
  // The gateway is where the control API comes in; and it serves worlds, so it names their type: a port for each of the
  // members that it uses would only repeat `World`.
  {
    files: /^gateway\//,
    imports: /^(gateway|control|protocols|core)\//,
    types: /^(worlds?\.ts$|node:)/,
  },
  // Pure but for the timeline: policies and what they say of a call.
  { files: /^authorization\//, imports: /^(authorization|core|protocols)\//, types: /^@localemu\/control$/ },
  {
    files: /^control\//,
    imports: /^(control\/|core\/|gateway\/|call-counts\.ts$|time-control\.ts$|world-error\.ts$|node:perf_hooks$)/,
    types: /^(worlds?\.ts$|observer\.ts$|@localemu\/control$)/,
  },
  ...services.flatMap(serviceRules),
  { files: /^services\/[^/]+\.ts$/, imports: /^(core|protocols)\// },
  // Loaded only where functions have users of their own, or a Docker engine is given.
  {
    files: /^(function-users|command-line\/given-engine)\.ts$/,
    imports: /^(options\.ts|node:fs|@localemu\/lambda-runtime)$/,
  },
  // What the command line does besides starting.
  {
    files: /^command-line\//,
    imports: /^(command-line\/|core\/|options\.ts$|version\.ts$|@localemu\/control$|node:(fs|stream)\/)/,
  },
  // What every world has beside its services.
  {
    files:
      /^(activity|call-counts|faults|observer|initial-streams|initial-streams-conflict|time-control|timeline|option-rules|option-texts|options|version|workspace|world-error)\.ts$/,
    imports:
      /^(core\/|activity\.ts$|call-counts\.ts$|initial-streams\.ts$|option-rules\.ts$|option-texts\.ts$|version\.ts$|protocols\/errors\.ts$)/,
    types: /^@localemu\/control$/,
  },
];

function serviceRules(service: string): FolderRule[] {
  const own = `services/${service}`;
  const sdk = "@aws-sdk/client-[^/]+$";
  return [
    {
      files: new RegExp(`^${own}/state/`),
      // Own pure files, e.g. hash keys and sequence numbers; of the storage only its interfaces.
      imports: new RegExp(`^(core/|${own}/(state/)?[^/]+\\.ts$)`),
      types: new RegExp(`^(storage/(document|log)-store\\.ts$|${sdk})`),
    },
    {
      files: new RegExp(`^${own}/operations/`),
      // Operations throw AWS's errors, which protocols define; none of them calls another.
      imports: new RegExp(`^(core/|protocols/|services/[^/]+\\.ts$|${own}/(?!index\\.ts$|operations/))`),
      types: new RegExp(`^${sdk}`),
    },
    {
      files: new RegExp(`^${own}/`),
      imports: new RegExp(`^(core/|protocols/|storage/|services/[^/]+\\.ts$|${own}/|${modulesOf(service)})`),
      types: new RegExp(`^(activity\\.ts$|@localemu/control$|node:|${sdk})`),
    },
  ];
}

function modulesOf(service: string): string {
  if (service === "lambda")
    return "@localemu/lambda-runtime$|node:(assert|buffer|child_process|fs|fs/promises|net|path|stream/promises|zlib)$|yauzl$";
  if (service === "messaging") return "localemu:fauxqs$";
  if (service === "dynamodb") return "localemu:dynalite$|node:util$";
  return "node:assert$";
}

const emulator = "packages/emulator/src/";
const insideEmulator = (path: string): string => (path.startsWith(emulator) ? path.slice(emulator.length) : path);

describe("inside the emulator", () => {
  const files = product.filter(({ path }) => path.startsWith(emulator));

  test("each file stands where a rule is", () => {
    const ruled = ({ path }: SourceFile): boolean => folders.some((rule) => rule.files.test(insideEmulator(path)));
    const strays = files.filter((file) => !ruled(file) && !file.path.endsWith(".d.ts"));
    expect(strays.map(({ path }) => path)).toEqual([]);
  });

  test("each file imports only what its folder may", () => {
    const forbidden = files.flatMap((file) => {
      const rule = folders.find((candidate) => candidate.files.test(insideEmulator(file.path)));
      return importsOf([file], ({ target, typeOnly }) => {
        const to = insideEmulator(target);
        return rule?.imports.test(to) !== true && !(typeOnly && rule?.types?.test(to) === true);
      });
    });
    expect(forbidden).toEqual([]);
  });

  test("services meet in the composition root alone", () => {
    const serviceOf = (path: string): string | undefined => /^services\/([^/]+)\//.exec(insideEmulator(path))?.[1];
    const forbidden = files.flatMap((file) => {
      const own = serviceOf(file.path);
      return importsOf([file], ({ target }) => own !== undefined && ![own, undefined].includes(serviceOf(target)));
    });
    expect(forbidden).toEqual([]);
  });

  test("each operation has a wire test", () => {
    const operations = files.flatMap(({ path }) => {
      const [, service = "", operation = ""] = /\/services\/([^/]+)\/operations\/([^/]+)\.ts$/.exec(path) ?? [];
      return service === "" ? [] : [`test/${service === "identity" ? "sts" : service}/${operation}.test.ts`];
    });
    expect(operations.length).toBeGreaterThan(30);
    expect(operations.filter((path) => !sources.has(path))).toEqual([]);
  });
});

test("machines load pure files alone: nothing of the platform, nothing of anybody else", () => {
  const machines = product.filter(({ path }) => path.endsWith("-machine.ts"));
  expect(machines.length).toBeGreaterThan(2);
  const reached = new Set(machines);
  for (const file of reached) {
    for (const { target, typeOnly } of file.imports) {
      const next = typeOnly ? undefined : sources.get(target);
      if (next !== undefined) reached.add(next);
    }
  }
  const impure = importsOf(
    reached,
    ({ target, typeOnly }) => !typeOnly && !sources.has(target) && target !== "node:assert",
  );
  expect(impure).toEqual([]);
});

test("no file is longer than 400 lines", () => {
  const long = [...sources.values()].filter(({ text }) => text.trimEnd().split("\n").length > 400);
  expect(long.map(({ path }) => path)).toEqual([]);
});

test("files and folders have names that say what is in them", () => {
  const vague = /(^|[/.-])(utils?|helpers?|common|shared|base|managers?)([/.-]|$)/;
  expect([...sources.keys()].filter((path) => vague.test(path))).toEqual([]);
});

test("types are asserted only where bytes become typed values", () => {
  const asserting = product.filter(({ path }) => /^packages\/(emulator|lambda-runtime)\//.test(path));
  const found = asserting.filter(({ path }) => !path.startsWith(`${emulator}protocols/`));
  expect(found.flatMap(({ path, assertions }) => assertions.map((line) => `${path}:${line}`))).toEqual([]);
});

test("the process is touched by the command line alone", () => {
  const allowed = [
    `${emulator}main.ts`,
    // The command line of the runtime alone.
    "packages/lambda-runtime/src/rie/main.ts",
    // The bundler replaces what it reads.
    `${emulator}version.ts`,
    // Functions find programs where the program that runs them does: it reads PATH, when it starts one.
    "packages/lambda-runtime/src/process/process-site.ts",
  ];
  const touching = product.filter(
    ({ path, processMembers }) =>
      /^packages\/(emulator|lambda-runtime)\//.test(path) &&
      ["env", "on", "once", "exit", "exitCode", "argv"].some((member) => processMembers.has(member)),
  );
  expect(touching.map(({ path }) => path).toSorted()).toEqual(allowed.toSorted());
});

test("programs are started without a shell, or by one that reads nothing of a user's", () => {
  const starting = product.filter(({ text }) => text.includes("child_process"));
  expect(starting.length).toBeGreaterThan(2);
  // `execFile` has no shell either.
  const allowed = [
    /import (?:type )?\{ (?:spawn|ChildProcess) \} from "node:child_process"/g,
    /\.getBuiltinModule\("node:child_process"\)\s*\.(?:spawn|spawnSync|execFile)\(/g,
    /const \{ spawn \} = process\.getBuiltinModule\("node:child_process"\)/g,
  ];
  const rest = ({ text }: SourceFile): string => allowed.reduce((left, form) => left.replaceAll(form, ""), text);
  expect(starting.filter((file) => rest(file).includes("child_process")).map(({ path }) => path)).toEqual([]);
  // What shells are given to read is always the same: programs and paths are arguments of its own.
  const scripts = [
    `file: "/bin/sh", args: ["-c", 'exec "$0" "$@"', path, file, ...args]`,
    `spawn("/bin/sh", ["-c", SCRIPTS[script], "sh", ...paths], {`,
  ];
  const read = (text: string): string => scripts.reduce((left, script) => left.replace(script, ""), text);
  const shells = product.filter(({ text }) => /\bshell:|"(?:\/bin\/)?(?:ba|da|z)?sh"|cmd\.exe/.test(read(text)));
  expect(shells.map(({ path }) => path)).toEqual([]);
});

test("nothing is left for later in a comment", () => {
  const marker = /(?:\/\/|\/?\*).*\b(?:[T]ODO|[F]IXME|[X]XX)\b/;
  expect([...sources.values()].filter(({ text }) => marker.test(text)).map(({ path }) => path)).toEqual([]);
});

/** `importing file → what it imports`, of the imports that are `wanted`. */
function importsOf(files: Iterable<SourceFile>, wanted: (imported: Import) => boolean): string[] {
  return [...files].flatMap(({ path, imports }) =>
    imports
      .filter(wanted)
      .map(({ target }) => `${path} → ${target.startsWith("packages/") ? basename(target) : target}`),
  );
}
