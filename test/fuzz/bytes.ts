import fc from "fast-check";

/** One change of some bytes; places are fractions of their length, so that a change means something for any bytes. */
type Edit =
  | { readonly edit: "cut" | "double" | "drop"; readonly from: number; readonly length: number }
  | { readonly edit: "insert" | "overwrite"; readonly from: number; readonly bytes: Uint8Array };

/** Numbers at the edges of what fits into 8, 16, 32 and 64 bits. */
const edges = ["00", "7f", "80", "ff", "7fff", "8000", "ffff", "7fffffff", "80000000", "ffffffff", "ffffffffffffffff"];

const place = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });

function edits(tokens: readonly string[]): fc.Arbitrary<Edit> {
  const bytes = fc.oneof(
    fc.uint8Array({ minLength: 1, maxLength: 8 }),
    fc.constantFrom(...edges).map((hex) => Buffer.from(hex, "hex")),
    ...(tokens.length > 0 ? [fc.constantFrom(...tokens).map((token) => Buffer.from(token, "latin1"))] : []),
  );
  return fc.oneof(
    fc.record({ edit: fc.constantFrom("insert", "overwrite"), from: place, bytes }),
    fc.record({ edit: fc.constantFrom("double", "drop"), from: place, length: fc.nat(64) }),
    { weight: 1, arbitrary: fc.record({ edit: fc.constant("cut"), from: place, length: fc.constant(0) }) },
  );
}

/** Bytes that begin as one of `seeds`, in which some places are changed; `tokens` mean something in their format. */
export function mutated(seeds: readonly Uint8Array[], tokens: readonly string[] = []): fc.Arbitrary<Buffer> {
  return fc
    .tuple(fc.constantFrom(...seeds), fc.array(edits(tokens), { maxLength: 5 }))
    .map(([seed, changes]) => changes.reduce(changed, Buffer.from(seed)));
}

function changed(bytes: Buffer, change: Edit): Buffer {
  const from = Math.floor(change.from * bytes.length);
  switch (change.edit) {
    case "cut":
      return bytes.subarray(0, from);
    case "drop":
      return Buffer.concat([bytes.subarray(0, from), bytes.subarray(from + change.length)]);
    case "double":
      return Buffer.concat([bytes.subarray(0, from + change.length), bytes.subarray(from)]);
    case "insert":
      return Buffer.concat([bytes.subarray(0, from), change.bytes, bytes.subarray(from)]);
    default:
      return Buffer.concat([bytes.subarray(0, from), change.bytes, bytes.subarray(from + change.bytes.length)]);
  }
}

/** A text of `count` times the same, for what grows without end. */
export function times(text: string, count: number): string {
  return text.repeat(count);
}
