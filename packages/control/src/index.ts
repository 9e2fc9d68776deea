export type * from "./contract.ts";
export type * from "./timeline.ts";
