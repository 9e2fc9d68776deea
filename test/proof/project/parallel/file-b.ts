import { testPipelineOf } from "./pipeline.ts";

testPipelineOf("b");
