import { invalidParameter } from "../lambda-error.ts";
import type { DeployedCode } from "./code-store.ts";
import { maxUnzippedBytes } from "./unpack-zip.ts";

/** `code` with these layers in the place of its own: both are taken over. Throws AWS's error where they are too large together. */
export function layeredCode(code: DeployedCode, layers: DeployedCode | undefined): DeployedCode {
  const bytes = code.unpackedBytes + (layers?.unpackedBytes ?? 0);
  if (bytes > maxUnzippedBytes) {
    code.release();
    layers?.release();
    // AWS: the text (AWS users' reports).
    throw invalidParameter(
      `Function code combined with layers exceeds the maximum allowed size of ${maxUnzippedBytes} bytes. The actual size is ${bytes} bytes.`,
    );
  }
  const layered = code.withLayers(layers);
  code.release();
  return layered;
}

/** Refuses layers that are too large for any function. */
export function refuseLargeLayers(layers: readonly DeployedCode[]): void {
  const bytes = layers.reduce((sum, { unpackedBytes }) => sum + unpackedBytes, 0);
  // AWS: the text (AWS users' reports).
  if (bytes > maxUnzippedBytes)
    throw invalidParameter(`Layers consume more than the available size of ${maxUnzippedBytes} bytes`);
}
