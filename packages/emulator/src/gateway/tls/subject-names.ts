import { isIPv4, isIPv6 } from "node:net";
import { member, sequence } from "./der.ts";

const dnsName = /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;

/** Whether a certificate can be issued for a name: a DNS name in lower case or an IP address. */
export function isSubjectName(name: string): boolean {
  return isIPv4(name) || isIPv6(name) || (name.length <= 253 && dnsName.test(name));
}

/** The value of a certificate's `subjectAltName`. */
export function subjectNames(names: readonly string[]): Buffer {
  return sequence(...names.map(subjectName));
}

function subjectName(name: string): Buffer {
  if (isIPv4(name)) return member(7, Uint8Array.from(name.split("."), Number), "plain");
  if (isIPv6(name)) return member(7, ipv6Bytes(name), "plain");
  return member(2, Buffer.from(name), "plain");
}

function ipv6Bytes(address: string): Buffer {
  // A URL writes an IPv4 address at the end as groups too.
  const [head = "", tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split("::");
  const groupsOf = (part: string): number[] =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  const before = groupsOf(head);
  const after = groupsOf(tail ?? "");
  const groups = [...before, ...Array<number>(8 - before.length - after.length).fill(0), ...after];
  return Buffer.from(groups.flatMap((group) => [group >>> 8, group & 0xff]));
}
