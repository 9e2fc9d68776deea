import type { Runtime } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { executorOf } from "./executor-of.ts";
import type { Executors } from "./executor-of.ts";

const nothing: Executors = { docker: false, preferred: "process" };
const docker: Executors = { ...nothing, docker: true };
const dockerForAll: Executors = { ...docker, preferred: "docker" };

test.each<[Runtime, ...(readonly (string | undefined)[])]>([
  ["nodejs24.x", "process", "process", "docker"],
  ["nodejs18.x", "process", "process", "docker"],
  ["nodejs16.x", undefined, "docker", "docker"],
  ["provided.al2023", "process", "docker", "docker"],
  ["provided.al2", "process", "docker", "docker"],
  ["python3.13", "process", "docker", "docker"],
  ["java21", undefined, "docker", "docker"],
  ["ruby3.4", undefined, "docker", "docker"],
  ["dotnet8", undefined, "docker", "docker"],
])("%s is run by %s, with an engine by %s, for all by %s", (runtime, ...expected) => {
  expect([nothing, docker, dockerForAll].map((executors) => executorOf(runtime, executors))).toEqual(expected);
});
