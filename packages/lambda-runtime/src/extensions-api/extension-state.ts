/** AWS: the state names that the platform's 403 replies and its log carry (Runtime Interface Emulator). */
export type ExtensionStateName = "Started" | "Registered" | "Ready" | "Running" | "InitError" | "ExitError" | "Exited";

/** What an extension asks for. */
export type ExtensionAction = "register" | "next" | "initError" | "exitError";

/** The state that an action is meant to lead to, as refusals name it. */
export const TARGETS: Readonly<Record<ExtensionAction, string>> = {
  register: "Registered",
  next: "Ready",
  initError: "InitError",
  // AWS: named so, though the state is ExitError (Runtime Interface Emulator).
  exitError: "Exited",
};

const TRANSITIONS: Readonly<
  Record<ExtensionStateName, Readonly<Record<ExtensionAction, ExtensionStateName | undefined>>>
> = {
  Started: { register: "Registered", next: undefined, initError: undefined, exitError: undefined },
  Registered: { register: undefined, next: "Ready", initError: "InitError", exitError: "ExitError" },
  Ready: { register: undefined, next: undefined, initError: undefined, exitError: "ExitError" },
  Running: { register: undefined, next: "Ready", initError: undefined, exitError: "ExitError" },
  // AWS: the first error counts, more of the same are accepted (Runtime Interface Emulator).
  InitError: { register: undefined, next: undefined, initError: "InitError", exitError: undefined },
  ExitError: { register: undefined, next: undefined, initError: undefined, exitError: "ExitError" },
  Exited: { register: undefined, next: undefined, initError: undefined, exitError: undefined },
};

/** The state after an action, or nothing where it is not allowed. */
export function afterAction(state: ExtensionStateName, action: ExtensionAction): ExtensionStateName | undefined {
  return TRANSITIONS[state][action];
}
