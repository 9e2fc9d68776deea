import "./known-node-version.ts";
export { LOCALEMU_PORT } from "./endpoint.ts";
export { LocalEmuContainer } from "./localemu-container.ts";
export { StartedLocalEmuContainer } from "./started-localemu-container.ts";
