import { testPipelineOf } from "./pipeline.ts";

testPipelineOf("h");
