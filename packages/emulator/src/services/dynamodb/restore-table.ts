import type { Dynalite } from "./actions.ts";
import type { KeptTable } from "./kept-tables.ts";
import { itemsOf, tagsOf } from "./table-store.ts";
import type { RegionStore } from "./table-store.ts";

/** Makes a table again as it was kept, with the indexes of its items. Nobody is told of the writes: they were told before. */
export function restoreTable(dynalite: Dynalite, region: RegionStore, table: KeptTable): void {
  const { name, description, tags } = table;
  region.part("table").put(name, JSON.stringify(description));
  const tagTexts = region.part(tagsOf(name));
  for (const [key, value] of Object.entries(tags)) tagTexts.put(key, JSON.stringify(value));
  const items = region.part(itemsOf(name));
  const hasIndexes = ["LocalSecondaryIndexes", "GlobalSecondaryIndexes"].some(
    (kind) => description[kind] !== undefined,
  );
  for (const [key, item] of table.items) {
    const text = JSON.stringify(item);
    items.put(key, text);
    if (hasIndexes) dynalite.updateIndexes(region.store, description, null, JSON.parse(text), throwing);
  }
}

function throwing(error?: Error | null): void {
  if (error !== undefined && error !== null) throw error;
}
