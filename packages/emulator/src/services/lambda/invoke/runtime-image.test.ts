import type { Runtime } from "@aws-sdk/client-lambda";
import { expect, test } from "vitest";
import { runtimeImage } from "./runtime-image.ts";

const all = { docker: true, preferred: "docker" } as const;

test.each<[Runtime, string]>([
  ["nodejs24.x", "nodejs:24"],
  ["python3.13", "python:3.13"],
  ["java21", "java:21"],
  ["java8.al2", "java:8.al2"],
  ["ruby3.4", "ruby:3.4"],
  ["dotnet10", "dotnet:10"],
  ["provided.al2023", "provided:al2023"],
  ["provided.al2", "provided:al2"],
])("the image of %s is %s", (runtime, image) => {
  expect(runtimeImage(runtime, all, {})).toBe(`public.ecr.aws/lambda/${image}`);
});

test("images have other names by a map, or by a pattern", () => {
  expect(runtimeImage("python3.13", all, { "python3.13": "mine/python:1" })).toBe("mine/python:1");
  expect(runtimeImage("java21", all, { "python3.13": "mine/python:1" })).toBe("public.ecr.aws/lambda/java:21");
  expect(runtimeImage("java21", all, "mine/lambda-<runtime>:x")).toBe("mine/lambda-java21:x");
});

test("what runs in a process, and what is an image itself, needs none", () => {
  expect(runtimeImage("nodejs24.x", { ...all, preferred: "process" }, {})).toBeUndefined();
  expect(runtimeImage(undefined, all, {})).toBeUndefined();
});
