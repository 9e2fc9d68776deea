import type { StopStreamEncryptionInput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { required } from "../errors.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { activeStreamOf } from "../stream-address.ts";

/** Assumed: the key is not compared with the one in use. */
export function stopStreamEncryption(state: KinesisState, input: StopStreamEncryptionInput, call: CallContext): void {
  required(input.EncryptionType, "encryptionType");
  required(input.KeyId, "keyId");
  const stream = activeStreamOf(state, input, call);
  state.update(stream, { kind: "encryption" });
}
