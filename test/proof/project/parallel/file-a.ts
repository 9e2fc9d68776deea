import { testPipelineOf } from "./pipeline.ts";

testPipelineOf("a");
