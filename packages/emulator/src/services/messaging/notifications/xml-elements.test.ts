import { expect, test } from "vitest";
import { readXml, textOf } from "./xml-elements.ts";

test("elements, their text and empty ones are read", () => {
  const text = `<?xml version="1.0"?>\n<A xmlns="urn:a"><!-- no --><B>1 &lt; 2 &amp;&#x41;&#66;</B><C/><B a="1">\n</B></A>\n`;
  expect(readXml(text)).toEqual({
    name: "A",
    text: "",
    children: [
      { name: "B", children: [], text: "1 < 2 &AB" },
      { name: "C", children: [], text: "" },
      { name: "B", children: [], text: "\n" },
    ],
  });
  expect(textOf({ name: "", text: "", children: [{ name: "B", children: [], text: "b" }] }, "B")).toBe("b");
});

test.each([
  ["a name", `<${"a".repeat(1_000_000)}`],
  ["an element", `<a ${"b ".repeat(500_000)}`],
  ["a comment", `<a><!--${"<!--".repeat(250_000)}`],
  ["an entity", `<a>&${"b".repeat(1_000_000)}`],
])("%s that does not end costs no more than its length", (_, text) => {
  expect(readXml(text)).toBeUndefined();
});

test.each(["", "text", "<A>", "<A></B>", "</A>", "<A/><B/>", "<A/>text", "<A", "<A><B></A></B>"])(
  "%j is no document",
  (text) => {
    expect(readXml(text)).toBeUndefined();
  },
);
