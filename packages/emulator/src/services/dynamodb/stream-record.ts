import { isSameItem, itemBytes } from "./attribute-value.ts";
import type { Item } from "./attribute-value.ts";

export const viewTypes = ["KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES"] as const;
export type ViewType = (typeof viewTypes)[number];

/** An item before and after it was written: one of the two may be missing. */
export interface Change {
  readonly before: Item | undefined;
  readonly after: Item | undefined;
}

/** What a change is a record of, besides its images. */
export interface RecordSource {
  readonly region: string;
  readonly viewType: ViewType;
  /** Names of the key attributes, the partition key first. */
  readonly keyNames: readonly string[];
}

/** A stream's record as Lambda gives it to functions, without the stream's ARN; the API of streams gives the same members. */
export interface ChangeRecord {
  readonly eventID: string;
  readonly eventName: "INSERT" | "MODIFY" | "REMOVE";
  readonly eventVersion: string;
  readonly eventSource: string;
  readonly awsRegion: string;
  readonly dynamodb: {
    /** Seconds since the epoch. */
    readonly ApproximateCreationDateTime: number;
    readonly Keys: Item;
    readonly NewImage?: Item;
    readonly OldImage?: Item;
    readonly SequenceNumber: string;
    readonly SizeBytes: number;
    readonly StreamViewType: ViewType;
  };
  /** Who made the change where no caller did. */
  readonly userIdentity?: { readonly type: string; readonly principalId: string };
}

// AWS: what deletes expired items (AWS docs).
export const timeToLiveService = { type: "Service", principalId: "dynamodb.amazonaws.com" };

/** A change whose record is complete but for its place in the stream. */
export interface DescribedChange {
  readonly keys: Item;
  at(place: { readonly eventId: string; readonly sequenceNumber: string; readonly now: number }): ChangeRecord;
}

/** Undefined for one that changes nothing. */
export function describeChange(
  { before, after }: Change,
  { region, viewType, keyNames }: RecordSource,
): DescribedChange | undefined {
  const item = after ?? before;
  // AWS: a write that changes no data makes no record (AWS docs).
  if (item === undefined || (before !== undefined && after !== undefined && isSameItem(before, after)))
    return undefined;
  const keys = Object.fromEntries(keyNames.flatMap((name) => (item[name] === undefined ? [] : [[name, item[name]]])));
  const newImage = viewType === "NEW_IMAGE" || viewType === "NEW_AND_OLD_IMAGES" ? after : undefined;
  const oldImage = viewType === "OLD_IMAGE" || viewType === "NEW_AND_OLD_IMAGES" ? before : undefined;
  const images = [newImage, oldImage].filter((image) => image !== undefined);
  const size = [keys, ...images].reduce((sum, image) => sum + itemBytes(image), 0);
  const at: DescribedChange["at"] = ({ eventId, sequenceNumber, now }) => ({
    eventID: eventId,
    eventName: before === undefined ? "INSERT" : after === undefined ? "REMOVE" : "MODIFY",
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: region,
    dynamodb: {
      // AWS: whole seconds (recorded on AWS).
      ApproximateCreationDateTime: Math.floor(now / 1000),
      Keys: keys,
      ...(newImage !== undefined && { NewImage: newImage }),
      ...(oldImage !== undefined && { OldImage: oldImage }),
      SequenceNumber: sequenceNumber,
      SizeBytes: size,
      StreamViewType: viewType,
    },
  });
  return { keys, at };
}
