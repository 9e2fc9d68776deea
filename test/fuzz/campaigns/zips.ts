import fc from "fast-check";
import { zipSync } from "fflate";
import { signature } from "../../emulator/raw-http.ts";
import { lyingZip, zipOf, zipWithLinks, zipWithoutZip64 } from "../../lambda/zips.ts";
import { mutated } from "../bytes.ts";
import { campaign } from "../campaign.ts";
import { sendHttp } from "../send.ts";

const code = "exports.handler = async () => 1;";

/** Two entries of the directory that share one file's bytes. */
function overlapping(): Uint8Array {
  const zip = Buffer.from(zipOf({ "index.js": code, "other.js": code }));
  const second = zip.lastIndexOf(Buffer.from("504b0102", "hex"));
  zip.writeUInt32LE(0, second + 42);
  return zip;
}

function withWrongSum(): Uint8Array {
  const zip = Buffer.from(zipOf({ "index.js": code }));
  zip.writeUInt32LE(1, 14);
  zip.writeUInt32LE(1, zip.lastIndexOf(Buffer.from("504b0102", "hex")) + 16);
  return zip;
}

const zeros = Buffer.alloc(40_000_000);
const seeds: readonly Uint8Array[] = [
  zipOf({ "index.js": code }),
  zipOf({ "index.js": code, "lib/": "", "lib/a.js": code }, 0o100755),
  zipSync({ "index.js": Buffer.from(code) }, { level: 0, comment: "c" }),
  zipOf({ "../evil.js": code }),
  zipOf({ "/tmp/evil.js": code }),
  zipOf({ "a\\..\\..\\evil.js": code }),
  zipOf({ "C:/evil.js": code }),
  zipOf({ "a\0b.js": code }),
  zipOf({ "a//b/./c/../d.js": code }),
  zipOf({ ["a/".repeat(2_000)]: "" }),
  zipOf({ ["n".repeat(5_000)]: code }),
  zipOf({ "\ud800": code, "": code, ".": code, "..": code }),
  zipOf({ "index.js": code }, 0o020666),
  zipOf({ "index.js": code }, 0o010666),
  zipOf({ "index.js": code }, 0o104777),
  zipOf({ "index.js": code }, 0o100000),
  zipWithLinks({ "index.js": code }, { out: "../..", absolute: "/etc/passwd", self: "self" }),
  zipWithLinks({ "index.js": code }, { "a/b": "..", "a/c": "b/../.." }),
  zipWithLinks({ "link/index.js": code }, { link: "/tmp" }),
  lyingZip(Buffer.alloc(100_000), 10),
  lyingZip(Buffer.from("x"), 0xffff_fffe),
  zipWithoutZip64("size"),
  zipWithoutZip64("directory"),
  overlapping(),
  withWrongSum(),
];

/** 40 kB that unpack to 40 MB, to less or more than they say, or to more than a function may have. */
const bombs = [
  zipOf({ a: zeros }),
  lyingZip(zeros, 100),
  lyingZip(zeros, 262_144_000),
  zipOf(Object.fromEntries(Array.from({ length: 7 }, (_, index) => [`${index}`, zeros]))),
];

const tokens = [
  "PK\x01\x02",
  "PK\x03\x04",
  "PK\x05\x06",
  "PK\x06\x06",
  "PK\x06\x07",
  "../",
  "\0",
  "/etc/passwd",
  "\x01\0\x10\0",
];

const role = "arn:aws:iam::000000000000:role/any";

export const zips = campaign("zips of functions and layers", {
  inputs: fc.record({
    name: fc.stringMatching(/^[a-z]{8}$/),
    layer: fc.boolean(),
    zip: fc.oneof(
      { weight: 8, arbitrary: mutated(seeds, tokens) },
      { weight: 3, arbitrary: fc.constantFrom(...seeds).map((zip) => Buffer.from(zip)) },
    ),
  }),
  send: (endpoint, { name, layer, zip }) =>
    sendHttp(endpoint, {
      method: "POST",
      path: layer ? `/2018-10-31/layers/${name}/versions` : "/2015-03-31/functions",
      headers: { ...signature("lambda"), "content-type": "application/json" },
      body: JSON.stringify(
        layer
          ? { Content: { ZipFile: zip.toString("base64") } }
          : {
              FunctionName: name,
              Runtime: "nodejs24.x",
              Handler: "index.handler",
              Role: role,
              Code: { ZipFile: zip.toString("base64") },
            },
      ),
    }),
});

/** Few of them are enough: each is unpacked as far as it may be. */
export const zipBombs = campaign("zips that unpack to much", {
  inputs: fc.constantFrom(...bombs),
  atATime: 1,
  send: (endpoint, zip) =>
    sendHttp(endpoint, {
      method: "POST",
      path: "/2018-10-31/layers/bomb/versions",
      headers: { ...signature("lambda"), "content-type": "application/json" },
      body: JSON.stringify({ Content: { ZipFile: Buffer.from(zip).toString("base64") } }),
    }),
});
