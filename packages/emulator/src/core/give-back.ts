/**
 * Frees the memory of bytes that nobody will look at again. The collector would come only after tens of megabytes of them, for
 * it sees how little they take of its own heap.
 */
export function giveBack({ buffer, byteLength }: Uint8Array): void {
  // Part of a larger memory may have other users.
  if (buffer instanceof ArrayBuffer && buffer.byteLength === byteLength) buffer.transfer(0);
}
