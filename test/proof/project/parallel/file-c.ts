import { testPipelineOf } from "./pipeline.ts";

testPipelineOf("c");
