/** What the build makes of dynalite (see build/dynalite.ts), as far as it is used. */
declare module "localemu:dynalite" {
  import type { Item, JsonObject } from "./attribute-value.ts";
  import type { TableStore } from "./table-store.ts";

  /** What an action fails with: an answer of AWS's, or, without a body, a bug. */
  export interface ActionError extends Error {
    readonly statusCode?: number;
    readonly body?: { readonly __type: string; readonly message?: string; readonly Message?: string };
  }

  export interface Action {
    /** The types of the input's members. */
    readonly types: object;
    /** Checks what types cannot say. */
    readonly custom?: (input: JsonObject, store: TableStore) => string | undefined;
    run(store: TableStore, input: JsonObject, done: (error: ActionError | null, output?: JsonObject) => void): void;
  }

  export const actions: { readonly [operation: string]: Action };

  /** The members that `types` has. Throws ActionError. */
  export function checkTypes(input: JsonObject, types: object): JsonObject;
  /** Parses expressions into the input as well. Throws ActionError. */
  export function checkValidations(input: JsonObject, types: object, custom: Action["custom"], store: TableStore): void;
  /** The error of an item that does not meet the condition of a checked input. */
  export function checkConditional(input: JsonObject, item?: Item): ActionError | undefined;
  export function createKey(item: Item, table: JsonObject): string;
  /** Puts an item that takes the place of none into the indexes of its table. */
  export function updateIndexes(
    store: TableStore,
    table: JsonObject,
    before: null,
    after: Item,
    done: (error?: Error | null) => void,
  ): void;
}
