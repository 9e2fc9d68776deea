import type { Architecture, Runtime } from "@aws-sdk/client-lambda";
import { runtimeImage } from "../invoke/runtime-image.ts";
import { invalidParameter, lambdaError, textOf } from "../lambda-error.ts";
import type { FunctionImage, FunctionImages, LambdaPorts } from "../ports.ts";
import type { CodeFacts } from "../state/function-store.ts";
import type { DeployedCode } from "./code-store.ts";
import type { LaterCode, ProvidedCode } from "./later-code.ts";
import { noCodeSha256 } from "./no-code.ts";

/** What finds images. Throws InvalidParameterValueException, which names the option, where there is nothing that runs them. */
export function imagesOf({ images }: Pick<LambdaPorts, "images">): FunctionImages {
  if (images !== undefined) return images;
  throw invalidParameter(
    "LocalEmu runs container images by a Docker engine, which it uses with the option docker (LOCALEMU_DOCKER=1); this one was started without.",
  );
}

/** The image, if the engine has it; undefined where it must be pulled first. */
export async function findImage(images: FunctionImages, uri: string): Promise<FunctionImage | undefined> {
  try {
    return await images.find(uri);
  } catch (error) {
    throw lambdaError("ServiceException", `LocalEmu cannot use its Docker engine: ${textOf(error)}`, { cause: error });
  }
}

/** The image, pulled if need be. Throws InvalidParameterValueException where there is none. */
export async function provideImage(images: FunctionImages, uri: string, signal: AbortSignal): Promise<FunctionImage> {
  return (await findImage(images, uri)) ?? pullImage(images, uri, signal);
}

/** Pulls an image that is not there. Throws InvalidParameterValueException where it cannot be had. */
async function pullImage(images: FunctionImages, uri: string, signal: AbortSignal): Promise<FunctionImage> {
  try {
    return await images.pull(uri, signal);
  } catch (error) {
    // Assumed: all of the sentences.
    throw invalidParameter(`Source image ${uri} does not exist. Provide a valid source image. (${textOf(error)})`);
  }
}

/** Has the very image again that a function had, whatever its name means now. Throws as {@link pullImage} does. */
export async function provideSameImage(
  images: FunctionImages,
  { id, resolvedUri }: NonNullable<CodeFacts["image"]>,
  signal: AbortSignal,
): Promise<void> {
  if ((await findImage(images, id)) === undefined) await pullImage(images, resolvedUri, signal);
}

/** The name of the image that a function from a zip runs in, where that is a container. One without code runs elsewhere. */
export function imageOfRuntime(
  { executors, runtimeImages }: Pick<LambdaPorts, "executors" | "runtimeImages">,
  runtime: Runtime | undefined,
  { sha256 }: Pick<CodeFacts, "sha256">,
): string | undefined {
  return sha256 === noCodeSha256 ? undefined : runtimeImage(runtime, executors, runtimeImages);
}

/** Pulls the image of a runtime, if need be. Throws InvalidParameterValueException where there is none. */
export async function provideImageOfRuntime(
  ports: Pick<LambdaPorts, "executors" | "runtimeImages" | "images">,
  runtime: Runtime | undefined,
  facts: Pick<CodeFacts, "sha256">,
  signal: AbortSignal,
): Promise<void> {
  const image = imageOfRuntime(ports, runtime, facts);
  if (image !== undefined) await provideImage(imagesOf(ports), image, signal);
}

/** For code from a zip, with its one user, that has to wait for the image that it runs in. */
export function laterZip(
  ports: Pick<LambdaPorts, "executors" | "runtimeImages" | "images">,
  runtime: Runtime | undefined,
  { facts, code }: ProvidedCode,
): LaterCode {
  return {
    async provide(signal) {
      await provideImageOfRuntime(ports, runtime, facts, signal);
      return { facts, code: code.share() };
    },
    end: () => code.release(),
  };
}

/** For a function that has to wait for its image. */
export function laterImage(
  ports: Pick<LambdaPorts, "images">,
  { uri, architecture }: { readonly uri: string; readonly architecture: Architecture },
): LaterCode {
  return {
    async provide(signal) {
      const facts = imageFacts(uri, await provideImage(imagesOf(ports), uri, signal), architecture);
      return { facts, code: imageCode(facts) };
    },
    end: () => {},
  };
}

/** Of an image that is not there yet, all but its name is empty. */
export function imageFacts(uri: string, image: FunctionImage | undefined, architecture: Architecture): CodeFacts {
  // AWS: the digest of the image, and no size (AWS docs).
  const sha256 = /[0-9a-f]{64}$/.exec(image?.resolvedUri ?? "")?.[0] ?? "";
  return { sha256, size: 0, architecture, image: { uri, resolvedUri: image?.resolvedUri ?? "", id: image?.id ?? "" } };
}

/** Code that is an image, which the engine keeps: there is nothing to release. */
export function imageCode({ sha256, size }: CodeFacts): DeployedCode {
  const code: DeployedCode = {
    sha256,
    size,
    unpackedBytes: 0,
    directory: "",
    isLive: false,
    layers: undefined,
    prepare: () => undefined,
    share: () => code,
    withLayers: () => code,
    release: () => {},
  };
  return code;
}
