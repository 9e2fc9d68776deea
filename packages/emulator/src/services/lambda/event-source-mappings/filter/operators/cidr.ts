import { BlockList, isIP } from "node:net";
import type { ValueTest } from "../field-test.ts";
import { FilterPatternError } from "../filter-pattern-error.ts";
import type { Json } from "../json.ts";
import { textOf } from "./text.ts";

/** `{"cidr": "10.0.0.0/24"}`: the address ranges of IPv4 and IPv6. What is no address is in no range. */
export function cidrTest(operand: Json): ValueTest {
  // AWS: the text speaks of prefix (recorded on AWS).
  const [address = "", mask, ...surplus] = textOf(operand, "prefix match pattern must be a string").split("/");
  if (mask === undefined || surplus.length > 0) throw new FilterPatternError("Malformed CIDR, one '/' required");
  if (!/^[+-]?\d+$/.test(mask)) throw new FilterPatternError("Malformed CIDR, mask bits must be an integer");
  const bits = Number(mask);
  if (bits < 0) throw new FilterPatternError("Malformed CIDR, mask bits must not be negative");
  const version = isIP(address);
  if (version === 0) throw new FilterPatternError(`Nonstandard IP address: ${address}`);
  if (version === 4 && bits > 31) throw new FilterPatternError("IPv4 mask bits must be < 32");
  if (version === 6 && bits > 127) throw new FilterPatternError("IPv6 mask bits must be < 128");
  const family = familyOf(version);
  const range = new BlockList();
  range.addSubnet(address, bits, family);
  return (value) => {
    if (typeof value !== "string" || isIP(value) !== version) return false;
    return range.check(value, family);
  };
}

function familyOf(version: number): "ipv4" | "ipv6" {
  return version === 4 ? "ipv4" : "ipv6";
}
