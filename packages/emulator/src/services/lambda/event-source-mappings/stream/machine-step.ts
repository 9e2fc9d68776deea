/** What a machine answers to an event: what it is now, the one thing to do, and what there is to tell. */
export interface MachineStep<State, Command, Note> {
  readonly state: State;
  readonly command: Command;
  readonly notes: readonly Note[];
}

/** The driver broke a rule of `docs/specs/`: a bug, not an outcome. */
export function illegalEvent(machine: string, state: string, event: string): never {
  throw new Error(`A ${machine} that is ${state} cannot take ${event}.`);
}
