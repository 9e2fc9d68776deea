import type { DocumentStore } from "../../../storage/document-store.ts";

/** What is kept of a function's or a layer's code besides its zip, by its hash in base64. */
type CodeDocument = {
  /** Of the zip, in bytes. */
  readonly size: number;
  readonly unpackedBytes: number;
  /** The directory that is the code, where its changes are followed: there is no zip. */
  readonly directory?: string;
};

const codes = "lambda.code";

/** A collection of its own for each zip: none is read before it is needed. */
function zips(sha256: string): string {
  return `lambda.code.${sha256}`;
}

/** Code that outlives the emulator: each zip once, however many functions, versions and layers have it. */
export interface KeptCode {
  find(sha256: string): CodeDocument | undefined;
  /** Undefined where there is no such zip. */
  zip(sha256: string): Uint8Array | undefined;
  keepZip(sha256: string, zip: Uint8Array, unpackedBytes: number): void;
  keepDirectory(sha256: string, directory: string): void;
  forget(sha256: string): void;
  /** Forgets what nobody has: code whose function came no further when the emulator ended, or that was about to go. */
  forgetOthers(used: ReadonlySet<string>): void;
}

export function keptCode(documents: DocumentStore): KeptCode {
  const known = new Map(documents.read<CodeDocument>(codes).map(({ key, value }) => [key, value]));
  const keep = (sha256: string, document: CodeDocument): void => {
    known.set(sha256, document);
    documents.put(codes, sha256, document);
  };
  const forget = (sha256: string): void => {
    known.delete(sha256);
    documents.delete(codes, sha256);
    documents.clear(zips(sha256));
  };
  return {
    find: (sha256) => known.get(sha256),
    zip: (sha256) => documents.read(zips(sha256))[0]?.bytes,
    keepZip(sha256, zip, unpackedBytes) {
      keep(sha256, { size: zip.byteLength, unpackedBytes });
      documents.put(zips(sha256), sha256, null, zip);
    },
    keepDirectory: (sha256, directory) => keep(sha256, { size: 0, unpackedBytes: 0, directory }),
    forget,
    forgetOthers(used) {
      for (const sha256 of known.keys()) if (!used.has(sha256)) forget(sha256);
    },
  };
}
