import { expired, invalidArgument } from "./errors.ts";
import { javaDate } from "./shard-iterator.ts";
import type { TokenSeal } from "./token-seal.ts";

const lifeMs = 300_000;

/** A NextToken of the operation `purpose` that carries `fields`; none of them has a line break or a slash. */
export function writeNextToken(seal: TokenSeal, purpose: string, fields: readonly string[], now: number): string {
  return seal.seal([now, purpose, ...fields].join("/"), 0).toString("base64");
}

/** Throws when the token is not one of this operation, or is older than five minutes. */
export function readNextToken(seal: TokenSeal, purpose: string, token: string, now: number): readonly string[] {
  const [issued, tokenPurpose, ...fields] = seal.open(Buffer.from(token, "base64"))?.split("/") ?? [];
  // Assumed: both texts; AWS documents only the codes.
  if (tokenPurpose !== purpose) throw invalidArgument("Invalid NextToken.");
  if (now - Number(issued) > lifeMs) {
    throw expired(
      "ExpiredNextTokenException",
      `NextToken expired. The token was created at time ${javaDate(Number(issued))} while right now it is ` +
        `${javaDate(now)} which is further in the future than the tolerated delay of ${lifeMs} milliseconds.`,
    );
  }
  return fields;
}
