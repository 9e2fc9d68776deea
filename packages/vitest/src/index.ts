export type { ExpectedFailedBatch, LocalEmuMatchers, Match } from "@localemu/testkit/matchers";
