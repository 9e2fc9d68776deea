import type { Runtime } from "@aws-sdk/client-lambda";
import { executorOf } from "./executor-of.ts";
import type { Executors } from "./executor-of.ts";

/** A name in which `<runtime>` stands for the runtime, or the names of some runtimes' images. */
export type RuntimeImages = string | Readonly<Record<string, string>>;

/** The image whose containers run a function from a zip; undefined for one that needs none. */
export function runtimeImage(
  runtime: Runtime | undefined,
  executors: Executors,
  images: RuntimeImages,
): string | undefined {
  if (runtime === undefined || executorOf(runtime, executors) !== "docker") return undefined;
  if (typeof images === "string") return images.replaceAll("<runtime>", runtime);
  return images[runtime] ?? awsImage(runtime);
}

// AWS: the repository is the language, the tag its version: nodejs:24, python:3.13, java:8.al2, provided:al2023 (AWS docs).
function awsImage(runtime: Runtime): string {
  const [, language = "", version = ""] = /^([a-z]+)\.?(.*?)(?:\.x)?$/.exec(runtime) ?? [];
  return `public.ecr.aws/lambda/${language}:${version}`;
}
