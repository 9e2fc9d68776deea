import { AddLayerVersionPermissionCommand } from "@aws-sdk/client-lambda";
import type {
  AddLayerVersionPermissionCommandInput,
  AddLayerVersionPermissionCommandOutput,
  LambdaClient,
} from "@aws-sdk/client-lambda";

/** Lets everybody read version 1 of `tools`. */
export function allowLayer(
  lambda: LambdaClient,
  StatementId: string,
  change: Partial<AddLayerVersionPermissionCommandInput> = {},
): Promise<AddLayerVersionPermissionCommandOutput> {
  return lambda.send(
    new AddLayerVersionPermissionCommand({
      LayerName: "tools",
      VersionNumber: 1,
      StatementId,
      Action: "lambda:GetLayerVersion",
      Principal: "*",
      ...change,
    }),
  );
}
