import type { Constraint } from "./constraint-table.ts";

export type Shape = ScalarShape | ListShape | MapShape | StructureShape;

export interface ScalarShape {
  readonly kind: "string" | "number" | "boolean" | "blob" | "timestamp";
  readonly streaming: boolean;
}

export interface ListShape {
  readonly kind: "list";
  readonly element: Member;
}

export interface MapShape {
  readonly kind: "map";
  readonly key: Member;
  readonly value: Member;
}

/** A structure, a union or an error. */
export interface StructureShape {
  readonly kind: "structure";
  readonly name: string;
  /** The class that AWS names where it prints such a value in an error. */
  readonly javaClass: string;
  /** A union of events, sent as a stream of frames rather than as a document. */
  readonly eventStream: boolean;
  readonly members: readonly Member[];
}

/** A member of a structure, the element of a list, or the key or value of a map. */
export interface Member {
  readonly name: string;
  readonly required: boolean;
  readonly traits: Traits;
  readonly constraint: Constraint | undefined;
  /** Resolved on first use: shapes refer to each other in circles. */
  readonly shape: Shape;
}

/** The Smithy traits that the protocols act on. */
export interface Traits {
  readonly httpLabel?: 1;
  readonly httpQuery?: string;
  readonly httpHeader?: string;
  readonly httpPrefixHeaders?: string;
  readonly httpPayload?: 1;
  readonly httpResponseCode?: 1;
  readonly streaming?: 1;
  readonly eventPayload?: 1;
  readonly xmlName?: string;
  readonly xmlFlattened?: 1;
  readonly timestampFormat?: TimestampFormat;
  readonly http?: readonly [method: string, uri: string, status: number];
  readonly error?: "client" | "server";
  readonly httpError?: number;
  readonly awsQueryError?: readonly [code: string, status: number];
}

export type TimestampFormat = "date-time" | "http-date" | "epoch-seconds";

export const emptyStructure: StructureShape = {
  kind: "structure",
  name: "Unit",
  javaClass: "",
  eventStream: false,
  members: [],
};
