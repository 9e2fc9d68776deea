import { testPipelineOf } from "./pipeline.ts";

testPipelineOf("d");
