import type { Ids } from "./ids.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const worldKey = /^LEMU[A-Z0-9]{16}$/;

/** A new access key id, by which requests are led to the world that issued it: `LEMU` and 16 of A-Z and 0-9. */
export function newWorldKey(ids: Ids): string {
  let key = "LEMU";
  for (const byte of ids.bytes(16)) key += letters[byte % letters.length];
  return key;
}

/** Whether an access key id was issued by some world, of this server or of another. */
export function isWorldKey(accessKeyId: string): boolean {
  return worldKey.test(accessKeyId);
}
