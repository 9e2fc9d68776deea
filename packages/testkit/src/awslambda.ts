import { defineGlobals } from "@localemu/runtime-client";

// What handlers find on Lambda when they are loaded: `awslambda.streamifyResponse` and `awslambda.HttpResponseStream`.
defineGlobals(undefined);
