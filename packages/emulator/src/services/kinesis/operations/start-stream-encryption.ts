import type { StartStreamEncryptionInput } from "@aws-sdk/client-kinesis";
import type { CallContext } from "../../../protocols/operations.ts";
import { countDaily } from "../daily-quotas.ts";
import { invalidArgument, required } from "../errors.ts";
import type { KinesisState } from "../state/kinesis-state.ts";
import { activeStreamOf } from "../stream-address.ts";

/** Assumed: every key is there and may be used; what is stored is not encrypted, it only says so. */
export function startStreamEncryption(state: KinesisState, input: StartStreamEncryptionInput, call: CallContext): void {
  const type = required(input.EncryptionType, "encryptionType");
  const key = required(input.KeyId, "keyId");
  const stream = activeStreamOf(state, input, call);
  // Assumed: the code and the text.
  if (type !== "KMS") throw invalidArgument("The EncryptionType of StartStreamEncryption must be KMS.");
  countDaily(state, stream, "StartStreamEncryption", call.accountId);
  state.update(stream, { kind: "encryption", key });
}
