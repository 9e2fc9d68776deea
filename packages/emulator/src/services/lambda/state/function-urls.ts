import type { Cors, FunctionUrlAuthType, InvokeMode } from "@aws-sdk/client-lambda";
import type { DocumentStore } from "../../../storage/document-store.ts";
import type { FunctionStore, LambdaFunction } from "./function-store.ts";
import { urlDocument, urlOf } from "./url-documents.ts";
import type { UrlDocument } from "./url-documents.ts";

/** A URL of a function's `$LATEST`, or of one of its aliases. Replaced as a whole, never changed in place. */
export interface FunctionUrl {
  /** 32 lower-case letters and digits. */
  readonly id: string;
  readonly fn: LambdaFunction;
  /** The alias that it invokes. */
  readonly qualifier: string | undefined;
  readonly authType: FunctionUrlAuthType;
  readonly invokeMode: InvokeMode;
  readonly cors: Cors | undefined;
  /** World time, milliseconds since the epoch. */
  readonly createdAt: number;
  readonly modifiedAt: number;
}

const kept = "lambda.urls";

/** The function URLs of one world, by id and by what they invoke. */
export class FunctionUrls {
  readonly #byId = new Map<string, FunctionUrl>();
  readonly #ids = new Map<LambdaFunction, Map<string | undefined, string>>();
  readonly #documents: DocumentStore;

  constructor(documents: DocumentStore) {
    this.#documents = documents;
  }

  /** Adds what was kept of these functions. */
  restore(functions: FunctionStore): void {
    for (const { key, value } of this.#documents.read<UrlDocument>(kept)) {
      const fn = functions.find(value.region, value.functionName);
      if (fn !== undefined) this.#add(urlOf(key, value, fn));
    }
  }

  find(id: string): FunctionUrl | undefined {
    return this.#byId.get(id);
  }

  of(fn: LambdaFunction, qualifier: string | undefined): FunctionUrl | undefined {
    return this.#byId.get(this.#ids.get(fn)?.get(qualifier) ?? "");
  }

  list(fn: LambdaFunction): FunctionUrl[] {
    return [...this.#byId.values()].filter((url) => url.fn === fn);
  }

  put(url: FunctionUrl): void {
    this.#add(url);
    this.#documents.put(kept, url.id, urlDocument(url));
  }

  #add(url: FunctionUrl): void {
    let ids = this.#ids.get(url.fn);
    if (ids === undefined) this.#ids.set(url.fn, (ids = new Map()));
    ids.set(url.qualifier, url.id);
    this.#byId.set(url.id, url);
  }

  delete({ id, fn, qualifier }: FunctionUrl): void {
    this.#byId.delete(id);
    this.#ids.get(fn)?.delete(qualifier);
    this.#documents.delete(kept, id);
  }

  /** For a function that is deleted. */
  deleteAll(fn: LambdaFunction): void {
    for (const url of this.list(fn)) this.delete(url);
    this.#ids.delete(fn);
  }
}
