import { isAbsolute } from "node:path";
import type { FunctionCode } from "@aws-sdk/client-lambda";
import { invalidParameter } from "../lambda-error.ts";
import type { LambdaPorts } from "../ports.ts";
import { readCode } from "./code-source.ts";
import type { CodeStore, DeployedCode } from "./code-store.ts";

/** The bucket whose keys are directories of the emulator's machine, as in LocalStack. */
const liveBucket = "hot-reload";

/** A function's code: unpacked from its zip, or the directory itself where it is to follow changes. */
export async function deployCode(
  codes: CodeStore,
  ports: Pick<LambdaPorts, "readObject">,
  source: Omit<FunctionCode, "S3ObjectStorageMode">,
): Promise<DeployedCode> {
  const { S3Bucket: bucket, S3Key: directory, ZipFile: zip } = source;
  if (bucket !== liveBucket || directory === undefined || zip !== undefined)
    return codes.deploy(await readCode(ports, source));
  const code = isAbsolute(directory) ? await codes.follow(directory) : undefined;
  if (code === undefined)
    throw invalidParameter(
      `The bucket ${liveBucket} stands for directories of the machine that LocalEmu runs on, and ${directory} is none: give an absolute path; a container must have it mounted.`,
    );
  return code;
}
