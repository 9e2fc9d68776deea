import { testPipelineOf } from "./pipeline.ts";

testPipelineOf("e");
