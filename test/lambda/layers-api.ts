import { PublishLayerVersionCommand } from "@aws-sdk/client-lambda";
import type {
  LambdaClient,
  PublishLayerVersionCommandInput,
  PublishLayerVersionCommandOutput,
} from "@aws-sdk/client-lambda";
import { zipOf } from "./zips.ts";

export const layerArnOf = (name: string): string => `arn:aws:lambda:us-east-1:000000000000:layer:${name}`;

/** A layer with these files. */
export function publishLayer(
  lambda: LambdaClient,
  LayerName: string,
  files: Readonly<Record<string, string>> = { "notes.txt": LayerName },
  change: Partial<PublishLayerVersionCommandInput> = {},
): Promise<PublishLayerVersionCommandOutput> {
  return lambda.send(new PublishLayerVersionCommand({ LayerName, Content: { ZipFile: zipOf(files) }, ...change }));
}
