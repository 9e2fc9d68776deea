import { expect, test } from "vitest";
import { Timeline } from "./timeline.ts";

const clock = { now: () => 5 };
const event = { type: "world.reset" } as const;

function filled(count: number, capacity: number): Timeline {
  const timeline = new Timeline(clock, capacity);
  for (let i = 0; i < count; i++) timeline.append(event);
  return timeline;
}

test("numbers its entries from 1 and stamps them with world time", () => {
  expect(filled(2, 10).entries()).toEqual([
    { id: 1, at: 5, ...event },
    { id: 2, at: 5, ...event },
  ]);
});

test("gives the newest entries after an id, and keeps at least its capacity", () => {
  for (const count of [0, 3, 9, 10, 11, 19, 20, 21, 45]) {
    const timeline = filled(count, 10);
    const ids = timeline.entries().map((entry) => entry.id);
    expect(ids).toEqual(Array.from({ length: Math.min(count, 10) }, (_, i) => count - Math.min(count, 10) + i + 1));
    expect(timeline.entries({ after: count - 1 }).map((entry) => entry.id)).toEqual(count === 0 ? [] : [count]);
    expect(timeline.entries({ after: count })).toEqual([]);
    expect(timeline.entries({ limit: 2 })).toHaveLength(Math.min(2, count));
  }
});

test("tells followers until they leave", () => {
  const timeline = filled(1, 10);
  const seen: number[] = [];
  const leave = timeline.follow((entry) => seen.push(entry.id));
  timeline.append(event);
  leave();
  timeline.append(event);
  expect(seen).toEqual([2]);
});

test("forgets what happened but goes on counting", () => {
  const timeline = filled(3, 10);
  timeline.clear();
  expect(timeline.entries()).toEqual([]);
  timeline.append(event);
  expect(timeline.entries({ after: 2 }).map((entry) => entry.id)).toEqual([4]);
});
