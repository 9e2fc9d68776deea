import type { World } from "../world.ts";

/**
 * Serves a call of a world, and answers when what it has changed is kept. Throws DataError where that failed meanwhile: what it
 * changed may be what was lost.
 */
export async function keptFor<Answer>(world: World, serve: () => Answer | Promise<Answer>): Promise<Answer> {
  const { keeping } = world;
  const failedBefore = keeping.failure;
  const answer = await serve();
  keeping.commit();
  if (keeping.failure !== failedBefore) throw keeping.failure;
  return answer;
}
