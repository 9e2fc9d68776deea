import fc from "fast-check";
import { expect, test } from "vitest";
import { DataError } from "../../../core/data-error.ts";
import { nothingKept } from "../../../storage/document-store.ts";
import { memoryDocuments } from "../../../storage/memory-documents.ts";
import { comparePositions, eventOverheadBytes, LogStream, maxStreamBytes } from "./log-stream.ts";

const newStream = (documents = nothingKept) =>
  new LogStream("s", 0, { documents, collection: "logs.events", isRead: true });
const event = (id: number, timestamp: number, message = "m") => ({ id, timestamp, message, ingestionTime: 0 });

test("events stand in the order of their timestamps, and of their arrival where these are equal", () => {
  fc.assert(
    fc.property(fc.array(fc.nat(5)), (timestamps) => {
      const stream = newStream();
      timestamps.forEach((timestamp, id) => stream.append(event(id, timestamp)));
      const sorted = timestamps.map((timestamp, id) => event(id, timestamp)).toSorted(comparePositions);
      expect(stream.events).toEqual(sorted);
    }),
  );
});

test("the first event after a position is found", () => {
  const stream = newStream();
  [1, 3, 3, 5].forEach((timestamp, id) => stream.append(event(id, timestamp)));
  const after = (timestamp: number, id: number) => stream.firstIndexAfter({ timestamp, id });
  expect([after(-1, 0), after(1, 0), after(3, 1), after(4, 9), after(5, 3)]).toEqual([0, 1, 2, 3, 4]);
});

test("a stream keeps its newest events, and never more than its bytes", () => {
  const stream = newStream();
  const message = "x".repeat(100_000);
  for (let id = 0; id < 200; id++) {
    stream.append(event(id, id, message));
    expect(stream.storedBytes).toBeLessThanOrEqual(maxStreamBytes);
  }
  expect(stream.events.at(-1)?.id).toBe(199);
  expect(stream.events[0]?.id).toBe(200 - stream.events.length);
  expect(stream.events.length * message.length).toBeGreaterThan(maxStreamBytes / 2);
});

test("a stream that can be kept no more keeps no more in memory either", () => {
  const documents = memoryDocuments();
  const full = new DataError("the disk is full");
  const refuse = () => {
    throw full;
  };
  let isFull = false;
  const stream = newStream({
    ...documents,
    put: (...document) => (isFull ? refuse() : documents.put(...document)),
    delete: refuse,
  });
  const message = "x".repeat(200_000);
  for (let id = 0; id < 30; id++) stream.append(event(id, id, message));
  isFull = true;
  for (let id = 30; id < 100; id++) {
    expect(() => stream.append(event(id, id, message))).toThrow(full);
    expect(stream.storedBytes).toBeLessThanOrEqual(maxStreamBytes);
  }
  expect(stream.storedBytes).toBe(stream.events.length * (200_000 + eventOverheadBytes));
  expect(stream.events.at(-1)?.id).toBe(99);
});

test("one event that is larger than all that a stream keeps stays alone", () => {
  const stream = newStream();
  stream.append(event(0, 0));
  stream.append(event(1, 1, "x".repeat(maxStreamBytes + 1)));
  expect(stream.events.map(({ id }) => id)).toEqual([1]);
});

test("what a stream keeps for the next emulator is what it has, and no more", () => {
  const documents = memoryDocuments();
  const stream = newStream(documents);
  const message = "x".repeat(1_000_000);
  for (let id = 0; id < 20; id++) stream.append(event(id, (id * 7) % 20, message));
  const next = new LogStream("s", 0, { documents, collection: "logs.events", isRead: false });
  expect(next.events).toEqual(stream.events);
  expect(next.storedBytes).toBe(stream.storedBytes);
  expect(documents.read("logs.events")).toHaveLength(stream.events.length);
  next.forget();
  expect(documents.read("logs.events")).toEqual([]);
});
