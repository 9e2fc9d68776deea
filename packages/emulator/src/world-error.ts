/** Thrown for a name that no world can have, that is taken, or that none has, and for a world that comes too late; the message says which. */
export class WorldError extends Error {
  override readonly name = "WorldError";
  readonly code: "InvalidWorldName" | "WorldExists" | "UnknownWorld" | "DefaultWorld" | "NotLeased" | "ServerClosing";

  constructor(code: WorldError["code"], message: string) {
    super(message);
    this.code = code;
  }
}
