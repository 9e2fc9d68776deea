export { type TestScope, useLocalEmu, type UseLocalEmuOptions } from "./use-local-emu.ts";
