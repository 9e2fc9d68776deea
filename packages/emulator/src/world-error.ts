/** Thrown for a name that no world can have, or that is taken, or that none has; the message says which. */
export class WorldError extends Error {
  override readonly name = "WorldError";
  readonly code: "InvalidWorldName" | "WorldExists" | "UnknownWorld" | "DefaultWorld" | "NotLeased";

  constructor(code: WorldError["code"], message: string) {
    super(message);
    this.code = code;
  }
}
