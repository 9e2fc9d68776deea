import type { CreateFunctionRequest, ImageConfig, Runtime } from "@aws-sdk/client-lambda";
import { required } from "../required-member.ts";
import { invalidParameter } from "./lambda-error.ts";
import type { FunctionVersion } from "./state/function-store.ts";

/** What a new function is made of. */
export type FunctionPackage =
  | { readonly kind: "zip"; readonly runtime: Runtime; readonly handler: string }
  | { readonly kind: "image"; readonly uri: string };

/** Throws InvalidParameterValueException for members that do not go together. */
export function packageOf(input: CreateFunctionRequest): FunctionPackage {
  const { Runtime: runtime, Handler: handler, Layers: layers = [] } = input;
  if (input.PackageType === "Image") {
    // Assumed: the text.
    if (runtime !== undefined || handler !== undefined || layers.length > 0)
      throw invalidParameter(
        "Please don't provide Handler or Runtime or Layer when the intended function PackageType is Image.",
      );
    const { ImageUri: uri } = required(input.Code, "Code");
    // Assumed: the text.
    if (uri === undefined || uri === "")
      throw invalidParameter("Please provide ImageUri when the intended function PackageType is Image.");
    return { kind: "image", uri };
  }
  // AWS: recorded on AWS.
  if (runtime === undefined || handler === undefined)
    throw invalidParameter(
      "Runtime and Handler are mandatory parameters for functions created with deployment packages.",
    );
  refuseImageConfig(input);
  return { kind: "zip", runtime, handler };
}

/** Refuses settings that the package of a function has no use for. */
export function refuseForPackage(
  { code }: FunctionVersion,
  input: Partial<Pick<CreateFunctionRequest, "Runtime" | "Handler" | "Layers" | "ImageConfig">>,
): void {
  if (code.image === undefined) return refuseImageConfig(input);
  // Assumed: the text, after that of the creation.
  if (input.Runtime !== undefined || input.Handler !== undefined || (input.Layers ?? []).length > 0)
    throw invalidParameter(
      "Please don't provide Handler or Runtime or Layer when the function's packageType is Image.",
    );
}

// Assumed: the text.
function refuseImageConfig({ ImageConfig: config }: { readonly ImageConfig?: ImageConfig | undefined }): void {
  if (config !== undefined) throw invalidParameter("Please don't provide ImageConfig when the packageType is Zip.");
}
