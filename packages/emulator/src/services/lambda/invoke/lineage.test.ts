import { expect, test } from "vitest";
import { countInvocation } from "./lineage.ts";

const me = "a87bd80c";

test.each([
  [undefined, 0, `Lineage=1:${me}:0`],
  ["", 0, `Lineage=1:${me}:0`],
  ["Root=1-2-3;Sampled=1", 0, `Root=1-2-3;Sampled=1;Lineage=1:${me}:0`],
  [`Root=1-2-3;Parent=4;Sampled=0;Lineage=1:${me}:0`, 1, `Root=1-2-3;Parent=4;Sampled=0;Lineage=1:${me}:1`],
  [`Lineage=1:68fd508a:5|${me}:14;Root=1-2-3`, 15, `Root=1-2-3;Lineage=1:68fd508a:5|${me}:15`],
  ["Root=1-2-3;Lineage=1:68fd508a:5", 0, `Root=1-2-3;Lineage=1:68fd508a:5|${me}:0`],
  ["Root=1-2-3;Lineage=nonsense", 0, `Root=1-2-3;Lineage=1:${me}:0`],
])("%s", (header, invocations, passedOn) => {
  expect(countInvocation(header, me)).toEqual({ invocations, header: passedOn });
});

test("each time counts", () => {
  let header: string | undefined;
  for (let time = 0; time < 20; time++) {
    const lineage = countInvocation(header, me);
    expect(lineage.invocations).toBe(time);
    ({ header } = lineage);
  }
});
