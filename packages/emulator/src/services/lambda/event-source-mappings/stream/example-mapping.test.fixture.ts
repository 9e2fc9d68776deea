import type { Mapping, MappingConfiguration, StartingPosition } from "../mapping.ts";
import { defaultConfiguration } from "../mapping-request.ts";
import type { MappedFunction } from "../ports.ts";

export const mappedFunction: MappedFunction = {
  name: "orders-fn",
  qualifier: undefined,
  arn: "arn:aws:lambda:us-east-1:000000000000:function:orders-fn",
  role: "arn:aws:iam::000000000000:role/orders",
};

/** An enabled mapping with AWS's defaults, some of them changed. */
export function exampleMapping(
  startingPosition: StartingPosition,
  change: Partial<MappingConfiguration>,
  checkpoints: Mapping["checkpoints"],
): Mapping {
  return {
    uuid: "a-mapping",
    region: "us-east-1",
    eventSourceArn: "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
    startingPosition,
    configuration: { ...defaultConfiguration, ...change },
    function: mappedFunction,
    enabled: true,
    state: "Enabled",
    lastModified: 0,
    lastProcessingResult: "",
    streamId: undefined,
    checkpoints,
  };
}
