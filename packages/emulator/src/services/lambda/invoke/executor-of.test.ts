import type { Runtime } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { executorOf } from "./executor-of.ts";
import type { Executors } from "./executor-of.ts";

const nothing: Executors = { docker: false, preferred: "process", python3: false };
const python: Executors = { ...nothing, python3: true };
const docker: Executors = { ...nothing, docker: true, python3: true };
const dockerForAll: Executors = { ...docker, preferred: "docker" };

test.each<[Runtime, ...(readonly (string | undefined)[])]>([
  ["nodejs24.x", "process", "process", "process", "docker"],
  ["nodejs18.x", "process", "process", "process", "docker"],
  ["nodejs16.x", undefined, undefined, "docker", "docker"],
  ["provided.al2023", "process", "process", "docker", "docker"],
  ["provided.al2", "process", "process", "docker", "docker"],
  ["python3.13", undefined, "process", "docker", "docker"],
  ["java21", undefined, undefined, "docker", "docker"],
  ["ruby3.4", undefined, undefined, "docker", "docker"],
  ["dotnet8", undefined, undefined, "docker", "docker"],
])("%s is run by %s, with python3 by %s, with an engine by %s, for all by %s", (runtime, ...expected) => {
  expect([nothing, python, docker, dockerForAll].map((executors) => executorOf(runtime, executors))).toEqual(expected);
});
