import { afterAction, TARGETS, type ExtensionAction, type ExtensionStateName } from "./extension-state.ts";

/** AWS: for one function (Runtime Interface Emulator). */
export const MAX_EXTENSIONS = 10;

export type ExtensionEventType = "INVOKE" | "SHUTDOWN";

/** What `/event/next` answers. */
export interface ExtensionEvent {
  readonly eventType: ExtensionEventType;
  readonly [field: string]: unknown;
}

export interface Refusal {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** Why extensions made the environment fail. */
export interface ExtensionFailure {
  readonly errorType: "Extension.InitError" | "Extension.ExitError" | "Extension.Crash" | "Extension.LaunchError";
  readonly message: string;
}

interface Extension {
  readonly name: string;
  readonly id: string;
  readonly external: boolean;
  state: ExtensionStateName;
  events: readonly ExtensionEventType[];
  errorType: string | undefined;
  /** Takes the next event, while a poll waits. */
  take: ((event: ExtensionEvent) => void) | undefined;
  /** An event that no poll waited for. */
  pending: ExtensionEvent | undefined;
}

export interface ExtensionsOptions {
  readonly newId: () => string;
  /** With several invocations at a time there is no INVOKE event. */
  readonly maxConcurrency: number;
  /** Something changed: whoever waits for all of them looks again. */
  readonly onChange: () => void;
  readonly onFailure: (failure: ExtensionFailure) => void;
}

/** The extensions of one execution: who they are, what they wait for, and what they are told. */
export class Extensions {
  readonly #options: ExtensionsOptions;
  readonly #all: Extension[] = [];
  #closed = false;

  constructor(options: ExtensionsOptions) {
    this.#options = options;
  }

  /** An executable was found and is about to be started under its file name. */
  addExternal(name: string): void {
    this.#add(name, true);
  }

  get any(): boolean {
    return this.#all.length > 0;
  }

  get anyExternal(): boolean {
    return this.#all.some(({ external }) => external);
  }

  /** Whether every executable has registered: the runtime starts after that. */
  get externalsRegistered(): boolean {
    return this.#all.every(({ external, state }) => !external || state !== "Started");
  }

  /** Whether every extension has asked for its first event. */
  get initialized(): boolean {
    return this.#all.every(({ state }) => state !== "Started" && state !== "Registered");
  }

  /** Whether those that were told of the invocation have asked for the next event. */
  get idle(): boolean {
    return this.#all.every(({ state, events }) => state !== "Running" || !events.includes("INVOKE"));
  }

  /** For the log and telemetry. */
  describe(): { name: string; state: string; events: readonly string[]; errorType?: string }[] {
    return this.#all.map(({ name, state, events, errorType }) => ({
      name,
      state,
      events,
      ...(errorType === undefined ? {} : { errorType }),
    }));
  }

  /** AWS: no more may register once the runtime has asked for its first invocation. */
  closeRegistration(): void {
    this.#closed = true;
  }

  nameOf(id: string): string | undefined {
    return this.#all.find((one) => one.id === id)?.name;
  }

  /** Returns the new identifier, or why there is none. */
  register(name: string, events: readonly string[]): string | Refusal {
    const known = this.#all.find((one) => one.name === name);
    const external = known?.external === true;
    for (const event of events) {
      const problem = this.#eventProblem(event, external);
      if (problem !== undefined) return refusal("Extension.InvalidEventType", `${event}: ${problem}`);
    }
    if (!external && this.#closed) {
      return refusal("Extension.RegistrationClosed", "Extension registration closed already");
    }
    if (!external && this.#all.length >= MAX_EXTENSIONS) {
      return refusal("Extension.TooManyExtensions", `Extension limit (${MAX_EXTENSIONS}) reached`);
    }
    if (known !== undefined && !external) {
      return refusal("Extension.InvalidExtensionState", "Extension with this name already registered");
    }
    const extension = known ?? this.#add(name, false);
    const refused = this.#move(extension, "register", name);
    if (refused !== undefined) return refused;
    extension.events = events.filter(isEventType);
    this.#options.onChange();
    return extension.id;
  }

  /** Parks a poll until an event comes for it; returns why it may not wait, or the way to take it back. */
  next(id: string, take: (event: ExtensionEvent) => void): Refusal | (() => void) {
    const extension = this.#find(id);
    if (extension === undefined) return refusal("Extension.UnknownExtensionIdentifier", `Unknown extension ${id}`);
    const { pending } = extension;
    // A poll whose connection broke left the extension ready: it may ask again.
    if (extension.state !== "Ready" || extension.take !== undefined) {
      const refused = this.#move(extension, "next", id);
      if (refused !== undefined) return refused;
    }
    extension.take = take;
    if (pending !== undefined) {
      extension.pending = undefined;
      this.#send(extension, pending);
    }
    this.#options.onChange();
    return () => {
      if (extension.take === take) extension.take = undefined;
    };
  }

  /** `/init/error` and `/exit/error`: returns why it is refused. */
  fail(id: string, action: "initError" | "exitError", errorType: string): Refusal | undefined {
    const extension = this.#find(id);
    if (extension === undefined) {
      return refusal("Extension.UnknownExtensionIdentifier", "Unknown Lambda-Extension-Identifier");
    }
    const before = extension.state;
    const refused = this.#move(extension, action, id);
    if (refused !== undefined) return refused;
    if (extension.state !== before) {
      extension.errorType = errorType;
      const kind = action === "initError" ? "Extension.InitError" : "Extension.ExitError";
      // Assumed: the text; AWS documents the error types only.
      this.#options.onFailure({ errorType: kind, message: `extension ${extension.name} failed: ${errorType}` });
    }
    return undefined;
  }

  /** The process of an executable is gone, though nobody ended it. */
  crashed(name: string, failure: ExtensionFailure): void {
    const extension = this.#all.find((one) => one.external && one.name === name);
    if (extension === undefined) return;
    const reported = extension.state === "InitError" || extension.state === "ExitError";
    extension.take = undefined;
    if (!reported) {
      extension.state = "Exited";
      extension.errorType = failure.errorType;
      this.#options.onFailure(failure);
    }
  }

  /** Tells those who subscribed; one that does not wait at the moment is told when it asks. */
  tell(event: ExtensionEvent): void {
    for (const extension of this.#all) {
      if (extension.events.includes(event.eventType)) {
        this.#send(extension, event);
      }
    }
  }

  subscribes(name: string, eventType: ExtensionEventType): boolean {
    return this.#all.some((one) => one.name === name && one.events.includes(eventType));
  }

  #send(extension: Extension, event: ExtensionEvent): void {
    const { take } = extension;
    if (take === undefined) {
      extension.pending = event;
      return;
    }
    extension.take = undefined;
    extension.state = "Running";
    take(event);
  }

  #add(name: string, external: boolean): Extension {
    const extension: Extension = {
      name,
      id: this.#options.newId(),
      external,
      state: "Started",
      events: [],
      errorType: undefined,
      take: undefined,
      pending: undefined,
    };
    this.#all.push(extension);
    return extension;
  }

  #find(id: string): Extension | undefined {
    return this.#all.find((one) => one.id === id && one.state !== "Started");
  }

  #move(extension: Extension, action: ExtensionAction, subject: string): Refusal | undefined {
    const after = afterAction(extension.state, action);
    if (after === undefined) {
      const move = `State transition from ${extension.state} to ${TARGETS[action]} failed for extension ${subject}`;
      return refusal("Extension.InvalidExtensionState", `${move}. Error: State transition is not allowed`);
    }
    extension.state = after;
    return undefined;
  }

  // AWS: the texts of the platform (Runtime Interface Emulator).
  #eventProblem(event: string, external: boolean): string | undefined {
    if (event === "SHUTDOWN") return external ? undefined : "ShutdownEventNotSupportedForInternalExtension";
    // AWS: with several invocations at a time nobody can subscribe to them (AWS docs on Managed Instances).
    return event === "INVOKE" && this.#options.maxConcurrency === 1 ? undefined : "ErrorInvalidEventType";
  }
}

function isEventType(event: string): event is ExtensionEventType {
  return event === "INVOKE" || event === "SHUTDOWN";
}

function refusal(errorType: string, errorMessage: string): Refusal {
  return { errorType, errorMessage };
}
