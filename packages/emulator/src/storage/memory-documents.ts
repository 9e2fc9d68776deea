import type { Document, DocumentStore } from "./document-store.ts";

/** Documents in memory, for tests: a service that is made again with the same store finds what the first one kept. */
export function memoryDocuments(): DocumentStore {
  const collections = new Map<string, Map<string, Document>>();
  return {
    read: (collection) => [...(collections.get(collection)?.values() ?? [])],
    put(collection, key, value, bytes) {
      const documents = collections.get(collection) ?? new Map<string, Document>();
      collections.set(collection, documents);
      // As on disk: what the caller does with its objects later changes nothing here.
      documents.set(key, { key, value: JSON.parse(JSON.stringify(value)), bytes: bytes && Uint8Array.from(bytes) });
    },
    delete: (collection, key) => void collections.get(collection)?.delete(key),
    clear: (collection) => void collections.delete(collection),
  };
}
