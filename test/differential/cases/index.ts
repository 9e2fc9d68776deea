import type { Case, Generation } from "../case.ts";
import { callbackCases } from "./callbacks.ts";
import { consoleCases } from "./console.ts";
import { contextCases } from "./context.ts";
import { errorCases } from "./errors.ts";
import { handlerCases } from "./handlers.ts";
import { processCases } from "./processes.ts";
import { resultCases } from "./results.ts";
import { streamCases } from "./streams.ts";

const cases: readonly Case[] = [
  ...handlerCases,
  ...resultCases,
  ...errorCases,
  ...contextCases,
  ...consoleCases,
  ...processCases,
  ...callbackCases,
  ...streamCases,
];

export function casesOf(generation: Generation): Case[] {
  return cases.filter((one) => one.generation === undefined || one.generation === generation);
}
