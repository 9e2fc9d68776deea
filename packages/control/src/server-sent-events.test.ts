import fc from "fast-check";
import { expect, test } from "vitest";
import { serverSentData } from "./server-sent-events.ts";

test("comments and other fields are skipped, lines of one event are joined", async () => {
  const text = ': hello\n\nid: 1\ndata: {"id":1}\n\ndata:a\ndata: b\n\nevent: end\n\ndata: cut off\n';

  expect(await read([text])).toEqual(['{"id":1}', "a\nb"]);
});

test("it does not matter where the chunks are cut, nor which line ends are used", async () => {
  const text = "data: one\r\n\r\n: ping\n\ndata: two\n\n";
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(text.length)), async (cuts) => {
      const ends = [...cuts, text.length].toSorted((a, b) => a - b);
      const chunks = ends.map((end, index) => text.slice(ends[index - 1] ?? 0, end));

      expect(await read(chunks)).toEqual(["one", "two"]);
    }),
  );
});

async function read(chunks: readonly string[]): Promise<string[]> {
  async function* source(): AsyncGenerator<string> {
    yield* chunks;
  }
  const found: string[] = [];
  for await (const data of serverSentData(source())) found.push(data);
  return found;
}
