import type { DocumentStore } from "../../../storage/document-store.ts";
import { ByQualifier } from "./by-qualifier.ts";
import { functionDocument, functionOf } from "./function-documents.ts";
import type { FunctionDocument, QualifierConfigurations } from "./function-documents.ts";
import { FunctionStore } from "./function-store.ts";
import type { LambdaFunction } from "./function-store.ts";

const kept = "lambda.functions";

/** The functions of one world and what is configured for them: each function is one document, written when any of it changes. */
export interface KeptFunctions extends QualifierConfigurations {
  readonly functions: FunctionStore;
  /** Adds what an earlier emulator kept; nothing of it is deployed. */
  restore(): LambdaFunction[];
}

export function keptFunctions(documents: DocumentStore): KeptFunctions {
  const functions = new FunctionStore({
    keep: (fn) => documents.put(kept, keyOf(fn), functionDocument(fn, configured)),
    forget: (fn) => documents.delete(kept, keyOf(fn)),
  });
  const onChange = (fn: LambdaFunction): void => functions.keep(fn);
  const configured: QualifierConfigurations = {
    eventConfigs: new ByQualifier(onChange),
    policies: new ByQualifier(onChange),
    runtimeUpdates: new ByQualifier(onChange),
    provisioned: new ByQualifier(onChange),
  };
  return {
    functions,
    ...configured,
    restore: () =>
      documents.read<FunctionDocument>(kept).map(({ value }) => {
        const { fn, configure } = functionOf(value);
        functions.restore(fn);
        configure(configured);
        return fn;
      }),
  };
}

function keyOf({ region, name }: LambdaFunction): string {
  return `${region}/${name}`;
}
