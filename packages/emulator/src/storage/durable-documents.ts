import type { DataSession } from "./data-session.ts";
import type { Document, DocumentStore, DocumentValue } from "./document-store.ts";

/** Documents in a data file. */
export function durableDocuments(session: DataSession): DocumentStore {
  const select = session.prepare("SELECT key, value, bytes FROM documents WHERE collection = ? ORDER BY place");
  // Keeps the place of a document that is there.
  const put = session.prepare(
    "INSERT INTO documents (collection, key, value, bytes) VALUES (?, ?, ?, ?) " +
      "ON CONFLICT DO UPDATE SET value = excluded.value, bytes = excluded.bytes",
  );
  const remove = session.prepare("DELETE FROM documents WHERE collection = ? AND key = ?");
  const clear = session.prepare("DELETE FROM documents WHERE collection = ?");
  return {
    read<Value extends DocumentValue>(collection: string) {
      return select.all(collection).map(({ key, value, bytes }): Document<Value> => {
        return {
          key: String(key),
          value: JSON.parse(String(value)),
          bytes: bytes instanceof Uint8Array ? bytes : undefined,
        };
      });
    },
    put(collection, key, value, bytes) {
      session.write(put, collection, key, JSON.stringify(value), bytes ?? null);
    },
    delete: (collection, key) => void session.write(remove, collection, key),
    clear: (collection) => void session.write(clear, collection),
  };
}
