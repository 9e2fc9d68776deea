import type { HttpReply, HttpRequest } from "./http-messages.ts";
import { parseJson } from "./parse-json.ts";
import type { DocumentReaders } from "./document-reader.ts";
import type { JsonWriters } from "./json-writer.ts";
import type { Members } from "./protocol.ts";
import { labelNames } from "./rest-router.ts";
import { readScalarText, writeScalarText } from "./scalar-text.ts";
import type { OperationSchema } from "./schema-registry.ts";
import type { Member, StructureShape } from "./shapes.ts";

type BoundReply = Pick<HttpReply, "status" | "headers" | "body">;
type PayloadReader = (body: Buffer) => unknown;
type PayloadWriter = (value: unknown) => HttpReply["body"];

/** Moves the members of one operation between the model and their places in an HTTP message. */
export class RestBinder {
  readonly #status: number;
  readonly #input: Bindings;
  readonly #output: Bindings;
  readonly #labels: readonly Member[];
  readonly #readBody: ((value: unknown) => Members) | undefined;
  readonly #readPayload: PayloadReader | undefined;
  readonly #writeBody: ((value: Members) => string) | undefined;
  readonly #writePayload: PayloadWriter | undefined;

  constructor(operation: OperationSchema, readers: DocumentReaders, writers: JsonWriters) {
    if (operation.http === undefined) throw new Error(`${operation.name} has no REST binding`);
    const { input, output } = operation;
    this.#status = operation.http.status;
    this.#input = bindingsOf(input);
    this.#output = bindingsOf(output);
    this.#labels = labelNames(operation.http.uri).map((name) => memberOf(input, name));
    if (this.#input.body.length > 0) this.#readBody = readers.structure(input, this.#input.body);
    if (this.#output.body.length > 0) this.#writeBody = writers.structure(output, this.#output.body);
    this.#readPayload = this.#input.payload && payloadReader(this.#input.payload, readers);
    this.#writePayload = this.#output.payload && payloadWriter(this.#output.payload, writers);
  }

  readInput(labels: readonly string[], request: HttpRequest): Members {
    const input: Record<string, unknown> =
      this.#readBody !== undefined && request.body.length > 0 ? { ...this.#readBody(parseJson(request.body)) } : {};
    this.#labels.forEach((member, index) => {
      input[member.name] = readScalarText(member, labels[index] ?? "", member.constraint);
    });
    if (this.#input.query.length > 0 && request.query !== "") this.#readQuery(request.query, input);
    for (const [member, header] of this.#input.headers) {
      const text = request.headers[header.toLowerCase()];
      if (text !== undefined) input[member.name] = readScalarText(member, text, member.constraint);
    }
    for (const [member, prefix] of this.#input.prefixed) input[member.name] = prefixedHeaders(request, prefix);
    if (this.#input.payload !== undefined && this.#readPayload !== undefined && request.body.length > 0) {
      input[this.#input.payload.name] = this.#readPayload(request.body);
    }
    return input;
  }

  #readQuery(query: string, input: Record<string, unknown>): void {
    const parameters = new URLSearchParams(query);
    for (const [member, name] of this.#input.query) {
      const { shape } = member;
      if (shape.kind === "list") {
        const texts = parameters.getAll(name);
        const read = (text: string) => readScalarText(shape.element, text, member.constraint?.member);
        if (texts.length > 0) input[member.name] = texts.map(read);
      } else {
        const text = parameters.get(name);
        if (text !== null) input[member.name] = readScalarText(member, text, member.constraint);
      }
    }
  }

  writeOutput(output: Members): BoundReply {
    const headers: Record<string, string> = {};
    for (const [member, header] of this.#output.headers) {
      const value = output[member.name];
      if (value !== undefined && value !== null) headers[header] = headerText(member, value);
    }
    for (const [member, prefix] of this.#output.prefixed) {
      for (const [name, value] of Object.entries((output[member.name] ?? {}) as Record<string, string>)) {
        headers[prefix + name] = value;
      }
    }
    const given = this.#output.status && output[this.#output.status.name];
    return { status: typeof given === "number" ? given : this.#status, headers, body: this.#body(output) };
  }

  #body(output: Members): HttpReply["body"] {
    if (this.#output.payload !== undefined && this.#writePayload !== undefined) {
      const payload = output[this.#output.payload.name];
      return payload === undefined || payload === null ? "" : this.#writePayload(payload);
    }
    return this.#writeBody === undefined ? "" : this.#writeBody(output);
  }
}

/** Where the members of a structure go. */
interface Bindings {
  readonly query: readonly (readonly [Member, string])[];
  readonly headers: readonly (readonly [Member, string])[];
  readonly prefixed: readonly (readonly [Member, string])[];
  readonly payload: Member | undefined;
  readonly status: Member | undefined;
  readonly body: readonly Member[];
}

function bindingsOf(structure: StructureShape): Bindings {
  const query: [Member, string][] = [];
  const headers: [Member, string][] = [];
  const prefixed: [Member, string][] = [];
  const body: Member[] = [];
  let payload: Member | undefined;
  let status: Member | undefined;
  for (const member of structure.members) {
    const { traits } = member;
    if (traits.httpQuery !== undefined) query.push([member, traits.httpQuery]);
    else if (traits.httpHeader !== undefined) headers.push([member, traits.httpHeader]);
    else if (traits.httpPrefixHeaders !== undefined) prefixed.push([member, traits.httpPrefixHeaders]);
    else if (traits.httpPayload === 1) payload = member;
    else if (traits.httpResponseCode === 1) status = member;
    else if (traits.httpLabel !== 1) body.push(member);
  }
  return { query, headers, prefixed, payload, status, body };
}

function memberOf(structure: StructureShape, name: string): Member {
  const member = structure.members.find((candidate) => candidate.name === name);
  if (member === undefined) throw new Error(`${structure.name} has no member ${name}`);
  return member;
}

function prefixedHeaders(request: HttpRequest, prefix: string): Record<string, string> {
  const start = prefix.toLowerCase();
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined && name.startsWith(start)) found[name.slice(start.length)] = value;
  }
  return found;
}

function headerText(member: Member, value: unknown): string {
  const { shape } = member;
  if (shape.kind === "list" || shape.kind === "map" || shape.kind === "structure") {
    throw new Error(`${member.name} is a ${shape.kind}, which does not fit a header`);
  }
  return writeScalarText(shape.kind, value, member.traits.timestampFormat ?? "http-date");
}

function payloadReader(member: Member, readers: DocumentReaders): PayloadReader {
  const { shape } = member;
  if (shape.kind === "structure") {
    const read = readers.structure(shape);
    return (body) => read(parseJson(body));
  }
  return shape.kind === "string" ? (body) => body.toString("utf8") : (body) => body;
}

/** Streams of events are not written here: their frames are no document, and come as the events do. */
function payloadWriter(member: Member, writers: JsonWriters): PayloadWriter {
  const { shape } = member;
  if (shape.kind !== "structure" || shape.eventStream) return (value) => value as HttpReply["body"];
  const write = writers.structure(shape);
  return (value) => write(value as Members);
}
