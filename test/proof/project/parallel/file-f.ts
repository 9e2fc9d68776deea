import { testPipelineOf } from "./pipeline.ts";

testPipelineOf("f");
