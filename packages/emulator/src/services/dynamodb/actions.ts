import type * as dynaliteModule from "localemu:dynalite";
import type { JsonObject } from "./attribute-value.ts";
import { asAwsError } from "./errors.ts";
import type { TableStore } from "./table-store.ts";

export type Dynalite = typeof dynaliteModule;

/** The input of an operation as its action takes it, with expressions parsed. Throws AwsError. */
export function checkedInput(dynalite: Dynalite, operation: string, input: JsonObject, store: TableStore): JsonObject {
  const { types, custom } = actionOf(dynalite, operation);
  try {
    // It deletes what it does not know.
    const checked = dynalite.checkTypes({ ...input }, types);
    dynalite.checkValidations(checked, types, custom, store);
    return checked;
  } catch (error) {
    throw asAwsError(error);
  }
}

/** Performs an operation of dynalite's. Rejects with AwsError. */
export async function perform(
  dynalite: Dynalite,
  operation: string,
  input: JsonObject,
  store: TableStore,
): Promise<JsonObject> {
  const checked = checkedInput(dynalite, operation, input, store);
  return new Promise((resolve, reject) => {
    actionOf(dynalite, operation).run(store, checked, (error, output = {}) => {
      if (error !== null && error !== undefined) reject(asAwsError(error));
      // What is said of a table goes on to change.
      else resolve(operation.endsWith("Table") ? structuredClone(output) : output);
    });
  });
}

/** Performs the writing of one item, which no action waits for. Answers the error of AWS's that it failed with; throws bugs. */
export function performNow(
  dynalite: Dynalite,
  operation: "PutItem" | "UpdateItem" | "DeleteItem" | "GetItem",
  checked: JsonObject,
  store: TableStore,
): { readonly output: JsonObject } | { readonly error: unknown } {
  let result: { readonly output: JsonObject } | { readonly error: unknown } | undefined;
  actionOf(dynalite, operation).run(store, checked, (error, output = {}) => {
    result = error === null || error === undefined ? { output } : { error: asAwsError(error) };
  });
  if (result === undefined) throw new Error(`${operation} waits for something`);
  return result;
}

function actionOf(dynalite: Dynalite, operation: string): Dynalite["actions"][string] {
  const action = dynalite.actions[operation];
  if (action === undefined) throw new Error(`dynalite has no ${operation}`);
  return action;
}
