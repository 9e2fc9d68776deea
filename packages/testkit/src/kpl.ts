import { createHash } from "node:crypto";

/** A record as a producer gave it to the Kinesis Producer Library. */
export interface UserRecord {
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

/** KPL aggregated record format: these bytes, a protocol buffer, and the MD5 of that. */
const magic = Buffer.from([0xf3, 0x89, 0x9a, 0xc2]);
const digestLength = 16;

/**
 * The user records of an aggregated record of the Kinesis Producer Library (aws/amazon-kinesis-producer,
 * aggregation-format.md); undefined for any other record.
 */
export function deaggregate(bytes: Uint8Array): readonly UserRecord[] | undefined {
  if (bytes.length < magic.length + digestLength || !magic.equals(bytes.subarray(0, magic.length))) return undefined;
  const message = bytes.subarray(magic.length, -digestLength);
  const digest = createHash("md5").update(message).digest();
  if (!digest.equals(bytes.subarray(-digestLength))) return undefined;
  const fields = readFields(message);
  if (fields === undefined) return undefined;
  const partitionKeys = fields.filter(({ number }) => number === 1).map(({ value }) => text(value));
  const records: UserRecord[] = [];
  for (const { number, value } of fields) {
    if (number !== 3) continue;
    const record = typeof value === "number" ? undefined : readFields(value);
    const partitionKey = partitionKeys[indexOf(record, 1)];
    const data = record?.find((field) => field.number === 3)?.value;
    if (partitionKey === undefined || data === undefined || typeof data === "number") return undefined;
    records.push({ partitionKey, data });
  }
  return records;
}

interface Field {
  readonly number: number;
  readonly value: number | Uint8Array;
}

/** The fields of a protocol buffer that has only numbers and byte strings, as this one; undefined where it is broken. */
function readFields(bytes: Uint8Array): readonly Field[] | undefined {
  const fields: Field[] = [];
  let position = 0;
  /** The next varint; NaN where there is none. */
  const next = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = bytes[position++];
      if (byte === undefined) return Number.NaN;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  while (position < bytes.length) {
    const tag = next();
    const number = Math.floor(tag / 8);
    const value = next();
    if (tag % 8 === 0) fields.push({ number, value });
    else if (tag % 8 === 2) {
      fields.push({ number, value: bytes.subarray(position, position + value) });
      position += value;
    } else return undefined;
    if (!(position <= bytes.length)) return undefined;
  }
  return fields;
}

function indexOf(fields: readonly Field[] | undefined, number: number): number {
  const value = fields?.find((field) => field.number === number)?.value;
  return typeof value === "number" ? value : -1;
}

function text(value: number | Uint8Array): string {
  return Buffer.from(typeof value === "number" ? [] : value).toString("utf8");
}
