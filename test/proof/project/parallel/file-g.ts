import { testPipelineOf } from "./pipeline.ts";

testPipelineOf("g");
