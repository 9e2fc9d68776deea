import { parseArn } from "../../core/arns.ts";
import type { Ids } from "../../core/ids.ts";
import { AwsError } from "../../protocols/errors.ts";
import type { Mappings } from "./event-source-mappings/mappings.ts";
import type { Resolution } from "./function-address.ts";
import { invalidParameter, lambdaError } from "./lambda-error.ts";
import type { LambdaFunction } from "./state/function-store.ts";
import type { TaggedResource } from "./tags.ts";

export interface TaggedResourcesOptions {
  readonly resolveFunction: (region: string, nameOrArn: string) => Resolution;
  readonly keepFunction: (fn: LambdaFunction) => void;
  readonly mappings: Mappings;
  readonly ids: Ids;
}

/** Finds what has tags by its ARN, from a call to `region`. Throws AwsError where there is none. */
export type FindTagged = (arn: string, region: string) => TaggedResource;

export function taggedResources({ resolveFunction, keepFunction, mappings, ids }: TaggedResourcesOptions): FindTagged {
  return (arn, region) => {
    const [type, name = "", qualifier] = parseArn(arn)?.resource.split(":") ?? [];
    if (type === "event-source-mapping") {
      const mapping = parseArn(arn)?.region === region ? mappings.find(name, region) : undefined;
      // AWS: the text (recorded on AWS).
      if (mapping === undefined) {
        throw lambdaError("ResourceNotFoundException", `Event source mapping not found: ${arn}`);
      }
      return { tags: mapping.tags, replaceTags: (tags) => mappings.replaceTags(mapping, tags) };
    }
    if (type !== "function") {
      throw new AwsError("NotImplementedException", `not implemented by LocalEmu: tags of ${arn}`, { statusCode: 501 });
    }
    if (qualifier !== undefined) {
      // AWS: the text, also where there is no such function (recorded on AWS).
      throw invalidParameter("Tags on function aliases and versions are not supported. Please specify a function ARN.");
    }
    const resolution = resolveFunction(region, arn);
    if (resolution.kind !== "found") throw resolution.error;
    const { fn } = resolution;
    return {
      tags: fn.tags,
      replaceTags(tags) {
        fn.tags = tags;
        // AWS: a function's revision is another one after that (recorded on AWS).
        fn.latest.revisionId = ids.uuid();
        keepFunction(fn);
      },
    };
  };
}
