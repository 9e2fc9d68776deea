import type { MappingOfStream, StartingPosition, StreamConfiguration } from "../mapping.ts";
import type { MappedFunction } from "../ports.ts";
import { GivenUp } from "./given-up.ts";
import { streamDefaults } from "../stream-request.ts";

export const mappedFunction: MappedFunction = {
  name: "orders-fn",
  qualifier: undefined,
  arn: "arn:aws:lambda:us-east-1:000000000000:function:orders-fn",
  role: "arn:aws:iam::000000000000:role/orders",
  timeoutMs: 3000,
};

/** An enabled mapping with AWS's defaults, some of them changed. */
export function exampleMapping(
  startingPosition: StartingPosition,
  change: Partial<StreamConfiguration>,
  checkpoints: MappingOfStream["checkpoints"],
  givenUp = new GivenUp(),
): MappingOfStream {
  return {
    kind: "stream",
    uuid: "a-mapping",
    number: 0,
    region: "us-east-1",
    eventSourceArn: "arn:aws:kinesis:us-east-1:000000000000:stream/orders",
    startingPosition,
    configuration: { ...streamDefaults, ...change },
    function: mappedFunction,
    tags: {},
    enabled: true,
    state: "Enabled",
    lastModified: 0,
    lastProcessingResult: "",
    resultBeforeDenial: undefined,
    streamId: undefined,
    checkpoints,
    givenUp,
  };
}
