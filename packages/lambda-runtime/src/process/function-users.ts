/** Users of this machine that nothing else runs as, by their numbers; each is a group of its own as well. */
export interface FunctionUsers {
  /** A number that nobody has; throws an Error where all are taken. */
  take(): number;
  /** Gives back a user who has neither processes nor files any more. */
  release(user: number): void;
}

// Above those of systems, below 65536, where a user namespace may end.
const FIRST = 20_000;
const COUNT = 40_000;

/** Whether a number is one of those that {@link createFunctionUsers} gives. */
export function isFunctionUser(user: number): boolean {
  return user >= FIRST && user < FIRST + COUNT;
}

/** Users for functions: 20000 to 59999, of whom every process is killed with their environment. One who was released comes again last. The process must be root to start something as them. */
export function createFunctionUsers(): FunctionUsers {
  const taken = new Set<number>();
  let next = 0;
  return {
    take() {
      if (taken.size === COUNT) throw new Error("there are no more users for functions");
      while (taken.has(FIRST + next)) next = (next + 1) % COUNT;
      const user = FIRST + next;
      next = (next + 1) % COUNT;
      taken.add(user);
      return user;
    },
    release: (user) => taken.delete(user),
  };
}
