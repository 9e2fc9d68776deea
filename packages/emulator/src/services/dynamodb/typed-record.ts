import type { _Record, AttributeValue } from "@aws-sdk/client-dynamodb-streams";
import type { AttributeValue as JsonValue, Item } from "./attribute-value.ts";
import type { ChangeRecord } from "./stream-record.ts";

/** A record in JSON, as functions or as clients get it: these have other names for who made the change. */
export type JsonRecord = Omit<ChangeRecord, "userIdentity"> & {
  readonly userIdentity?: { readonly PrincipalId?: string; readonly Type?: string } | ChangeRecord["userIdentity"];
};

/** A record as the API of streams has it, with the SDK's types. */
export function typedRecord({ userIdentity, dynamodb, ...rest }: JsonRecord): _Record {
  const { ApproximateCreationDateTime: seconds, Keys, NewImage, OldImage, ...members } = dynamodb;
  return {
    ...rest,
    dynamodb: {
      ApproximateCreationDateTime: new Date(seconds * 1000),
      Keys: typed(Keys),
      ...(NewImage !== undefined && { NewImage: typed(NewImage) }),
      ...(OldImage !== undefined && { OldImage: typed(OldImage) }),
      ...members,
    },
    ...(userIdentity !== undefined && {
      userIdentity:
        "principalId" in userIdentity
          ? { PrincipalId: userIdentity.principalId, Type: userIdentity.type }
          : { ...userIdentity },
    }),
  };
}

function typed(item: Item): Record<string, AttributeValue> {
  return Object.fromEntries(Object.entries(item).map(([name, value]) => [name, typedValue(value)]));
}

function typedValue(value: JsonValue): AttributeValue {
  const { S, N, B, SS, NS, BS, M, L, BOOL } = value;
  if (S !== undefined) return { S };
  if (N !== undefined) return { N };
  if (B !== undefined) return { B: Buffer.from(B, "base64") };
  if (SS !== undefined) return { SS: [...SS] };
  if (NS !== undefined) return { NS: [...NS] };
  if (BS !== undefined) return { BS: BS.map((bytes) => Buffer.from(bytes, "base64")) };
  if (M !== undefined) return { M: typed(M) };
  if (L !== undefined) return { L: L.map(typedValue) };
  return BOOL === undefined ? { NULL: true } : { BOOL };
}
