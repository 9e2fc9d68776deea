import { describe, expect, test } from "vitest";
import { compileFilter } from "./compile-filter.ts";
import type { Json } from "./json.ts";

type Row = readonly [pattern: Json, event: Json, matches: boolean];

/** The rows that are not so, as texts. */
function wrongOf(rows: readonly Row[]): readonly string[] {
  const wrong = rows.filter(
    ([pattern, event, matches]) => compileFilter(JSON.stringify(pattern)).matches(event) !== matches,
  );
  return wrong.map((row) => JSON.stringify(row));
}

/** Rows of one field's tests: the field's values, those that match and those that do not. */
function field(tests: Json, matching: readonly Json[], others: readonly Json[]): readonly Row[] {
  const pattern = { field: tests };
  return [
    ...matching.map((value): Row => [pattern, { field: value }, true]),
    ...others.map((value): Row => [pattern, { field: value }, false]),
  ];
}

describe("operators", () => {
  test("exact values", () => {
    const rows: readonly Row[] = [
      ...field(["a"], ["a", ["b", "a"]], ["A", "ab", "", null, 1, { a: "a" }, []]),
      ...field(["a", "b"], ["a", "b"], ["c"]),
      ...field([""], [""], [null, " ", []]),
      ...field([300], [300, 300.0, 3e2, [1, 300]], ["300", 301]),
      ...field([-1.5], [-1.5, -15e-1], [1.5]),
      ...field([null], [null, [null]], ["null", "", 0, false, []]),
      ...field(["null"], ["null"], [null]),
      ...field([true], [true], ["true", 1, false]),
      ...field([{ exactly: "a" }], ["a"], ["b"]),
      [{ field: ["a"] }, {}, false],
      [{ field: [null] }, {}, false],
    ];
    expect(wrongOf(rows)).toEqual([]);
  });

  test("prefix and suffix", () => {
    const rows: readonly Row[] = [
      ...field([{ prefix: "ab" }], ["ab", "abc"], ["a", "cab", "AB", 5, null]),
      ...field([{ prefix: "" }], ["", "x"], [5, null, true, {}]),
      ...field([{ suffix: "bc" }], ["bc", "abc"], ["c", "bcd", "BC", 5, null]),
      ...field([{ suffix: "" }], ["", "x"], [5, null]),
      ...field([{ prefix: { "equals-ignore-case": "Ab" } }], ["aBc"], ["cab", 1]),
      ...field([{ suffix: { "equals-ignore-case": "Bc" } }], ["abC"], ["bcd", 1]),
      [{ field: [{ prefix: "" }] }, {}, false],
    ];
    expect(wrongOf(rows)).toEqual([]);
  });

  test("equals-ignore-case", () => {
    const rows: readonly Row[] = [
      ...field([{ "equals-ignore-case": "Ab" }], ["ab", "AB"], ["abc", "", 1, null]),
      ...field([{ "equals-ignore-case": "" }], [""], ["a", null]),
    ];
    expect(wrongOf(rows)).toEqual([]);
  });

  test("wildcard", () => {
    const rows: readonly Row[] = [
      ...field([{ wildcard: "a*b" }], ["ab", "axb", "abb", "a*b"], ["a", "b", "xab", "abx", "Ab", 1, null]),
      ...field([{ wildcard: "*" }], ["", "x"], [1, null]),
      ...field([{ wildcard: "" }], [""], ["x"]),
      ...field([{ wildcard: "a*a" }], ["aa", "aba"], ["a"]),
      ...field([{ wildcard: "*ab*ab*" }], ["abab", "xabyabz"], ["ab", "aab"]),
      ...field([{ wildcard: "*x*x" }], ["xx", "axbx"], ["x", "xa"]),
      ...field([{ wildcard: String.raw`a\*b` }], ["a*b"], ["axb", "ab"]),
      ...field([{ wildcard: String.raw`a\\*` }], [String.raw`a\ `, "a\\"], ["a*"]),
      ...field([{ wildcard: "dir/*.png" }], ["dir/sub/a.png"], ["dir.png"]),
    ];
    expect(wrongOf(rows)).toEqual([]);
  });

  test("numeric", () => {
    const rows: readonly Row[] = [
      ...field([{ numeric: ["=", 5] }], [5, 5.0, [1, 5]], [4, "5", null, true, []]),
      ...field([{ numeric: [">", 0, "<=", 5] }], [0.5, 5], [0, 5.1, "3", null]),
      ...field([{ numeric: [">=", 0, "<", 5] }], [0, 4.9], [-1, 5]),
      ...field([{ numeric: ["<", 3.018e2] }], [301], [301.8, 302]),
      ...field([{ numeric: [">=", -1e3] }], [-1000, 0], [-1000.1]),
    ];
    expect(wrongOf(rows)).toEqual([]);
  });

  test("exists is of values only, wherever they lie", () => {
    const has = (path: Json, exists: boolean): Json =>
      JSON.parse(JSON.stringify(path).replace('"?"', `[{"exists":${exists}}]`));
    const image = { dynamodb: { NewImage: { presentKey: { S: "a" } } } };
    const rows: readonly Row[] = [
      ...field([{ exists: true }], ["", null, 0, false, [1], [[1]], [{}, 1]], [{}, [], { a: 1 }, [{}]]),
      ...field([{ exists: false }], [{}, [], { a: 1 }], ["", null, 0, [1]]),
      [{ field: [{ exists: false }] }, {}, true],
      [{ field: [{ exists: true }] }, {}, false],
      [has({ dynamodb: { NewImage: { presentKey: "?" } } }, false), image, true],
      [has({ dynamodb: { NewImage: { presentKey: "?" } } }, true), image, false],
      [has({ dynamodb: { NewImage: { presentKey: { S: "?" } } } }, true), image, true],
      [has({ dynamodb: { NewImage: { absentKey: { S: "?" } } } }, false), image, true],
      [has({ a: { b: { c: "?" } } }, false), {}, true],
      [has({ detail: { automations: { id: "?" } } }, true), { detail: { automations: [{ k: 1 }, { id: 1 }] } }, true],
      [{ a: [{ exists: false }, { "anything-but": ["roses"] }] }, {}, true],
      [{ a: [{ exists: false }, { "anything-but": ["roses"] }] }, { a: "roses" }, false],
      [{ a: [{ exists: true }, { prefix: "IGNORED" }] }, { a: "value" }, true],
    ];
    expect(wrongOf(rows)).toEqual([]);
  });

  test("anything-but", () => {
    const rows: readonly Row[] = [
      ...field([{ "anything-but": "a" }], ["b", "", null, 5, true, ["a", "b"]], ["a", ["a"], [], {}]),
      ...field([{ "anything-but": 0 }], [1, "0", null], [0, -0]),
      ...field([{ "anything-but": ["a", "b"] }], ["c", null, 5], ["a", "b"]),
      ...field([{ "anything-but": [100, 200] }], [300, "100", null], [100, 200.0]),
      ...field([{ "anything-but": { prefix: "in" } }], ["out", null, 12], ["in", "init"]),
      ...field([{ "anything-but": { prefix: ["init", "test"] } }], ["x", null, 12], ["initial", "tests"]),
      ...field([{ "anything-but": { suffix: ".txt" } }], ["a.png", null, 1], ["a.txt"]),
      ...field([{ "anything-but": { suffix: [".txt", ".rtf"] } }], ["a.png", null], ["a.txt", "a.rtf"]),
      ...field([{ "anything-but": { "equals-ignore-case": "Ab" } }], ["abc", null], ["aB"]),
      ...field([{ "anything-but": { "equals-ignore-case": ["a", "B"] } }], ["c", null], ["A", "b"]),
      ...field([{ "anything-but": { wildcard: "*/lib/*" } }], ["/bin/x", null, 1], ["/lib/x"]),
      ...field([{ "anything-but": { wildcard: ["*/lib/*", "*.o"] } }], ["/bin/x", null], ["/lib/x", "a.o"]),
      ...field([{ "anything-but": { wildcard: "" } }], ["x", null], [""]),
      [{ field: [{ "anything-but": "a" }] }, {}, false],
      [{ field: [{ "anything-but": { prefix: ["a"] } }] }, { other: 1 }, false],
      [{ field: [{ "anything-but": { "equals-ignore-case": ["a"] } }] }, {}, false],
    ];
    expect(wrongOf(rows)).toEqual([]);
  });

  test("cidr", () => {
    const rows: readonly Row[] = [
      ...field([{ cidr: "10.0.0.0/24" }], ["10.0.0.0", "10.0.0.255"], ["10.0.1.0", "x", "", 10, null, "::1", "10.0.0"]),
      ...field([{ cidr: "0.0.0.0/0" }], ["255.255.255.255"], ["::"]),
      ...field(
        [{ cidr: "2001:db8:1234:1a00::/56" }],
        ["2001:db8:1234:1a00::", "2001:0db8:1234:1aff:0:0:0:1"],
        ["2001:db8:1234:1b00::", "10.0.0.1", "xxxx:db8:1234:1a00::"],
      ),
    ];
    expect(wrongOf(rows)).toEqual([]);
  });
});

describe("structure", () => {
  test("all fields, any value, any alternative of $or", () => {
    const or = {
      detail: { $or: [{ c: [{ numeric: [">", 0] }] }, { d: ["x"], e: ["y"] }, { $or: [{ f: [1] }, { g: [1] }] }] },
    };
    const rows: readonly Row[] = [
      [{ a: [1], b: [2] }, { a: 1, b: 2 }, true],
      [{ a: [1], b: [2] }, { a: 1, b: 3 }, false],
      [{ a: { b: { c: [1] } } }, { a: { b: { c: 1 }, x: 5 } }, true],
      [{ a: { b: { c: [1] } } }, { a: { c: 1 } }, false],
      [or, { detail: { c: 1 } }, true],
      [or, { detail: { d: "x" } }, false],
      [or, { detail: { d: "x", e: "y" } }, true],
      [or, { detail: { g: 1 } }, true],
      [or, { detail: { c: 0 } }, false],
      [{ a: [1], $or: [{ b: [1] }, { c: { d: [1] } }] }, { a: 1, c: { d: 1 } }, true],
      [{ a: [1], $or: [{ b: [1] }, { c: { d: [1] } }] }, { a: 2, c: { d: 1 } }, false],
      [{ a: [1], $or: [{ a: [2] }, { b: [1] }] }, { a: 2 }, true],
      [{ a: [1], $or: [{ a: [2] }, { b: [1] }] }, { a: 1, b: 1 }, true],
      [{ a: [1], $or: [{ a: [2] }, { b: [1] }] }, { a: 1, b: 2 }, false],
      [{ "a.b": [1], a: { b: [2] } }, { a: { b: 2 } }, true],
      [{ $or: [{ a: [1] }, { b: [1] }], a: [2] }, { a: 2, b: 1 }, true],
    ];
    expect(wrongOf(rows)).toEqual([]);
  });

  test("case matters in keys", () => {
    const rows: readonly Row[] = [
      [{ Key: ["v"] }, { Key: "v" }, true],
      [{ Key: ["v"] }, { key: "v" }, false],
    ];
    expect(wrongOf(rows)).toEqual([]);
  });

  test("a dot in a key is the same as nesting", () => {
    const rows: readonly Row[] = [
      [{ a: { "b.c": [1] } }, { a: { b: { c: 1 } } }, true],
      [{ a: { b: { c: [1] } } }, { a: { "b.c": 1 } }, true],
      [{ "a.b": { c: [1] } }, { a: { "b.c": 1 } }, true],
      [{ "a.b": [1] }, { "a.b": 1 }, true],
      [{ "a.b": [1] }, { a: { c: 1 } }, false],
      [{ "a.b": [1] }, { "a.c": 1 }, false],
    ];
    expect(wrongOf(rows)).toEqual([]);
  });

  test("arrays are looked through, each as one element at a time", () => {
    const items = {
      items: [
        { x: 1, y: 2, tags: ["p"] },
        { x: 3, y: 4, tags: ["q", "r"] },
      ],
    };
    const nested = {
      a: [
        {
          b: [
            { x: 1, y: 1 },
            { x: 2, y: 2 },
          ],
        },
        { b: [{ x: 3, y: 3 }] },
      ],
      other: 1,
    };
    const rows: readonly Row[] = [
      [{ items: { x: [3] } }, items, true],
      [{ items: { x: [5] } }, items, false],
      [{ items: { x: [1], y: [2] } }, items, true],
      [{ items: { x: [1], y: [4] } }, items, false],
      [{ items: { x: [3], tags: ["r"] } }, items, true],
      [{ items: { x: [1], tags: ["r"] } }, items, false],
      [{ items: { x: [1, 3], y: [4], tags: ["q", "p"] } }, items, true],
      [{ a: { b: { x: [2], y: [2] } }, other: [1] }, nested, true],
      [{ a: { b: { x: [1], y: [2] } } }, nested, false],
      [{ a: { b: { x: [1], y: [3] } } }, nested, false],
      [{ items: { x: [{ exists: false }] } }, { items: [{ x: 1 }, { y: 1 }] }, false],
      [{ items: { x: [{ exists: false }] } }, { items: [{ y: 1 }, {}] }, true],
      [{ a: [1] }, { a: [[2], [3, [1]]] }, true],
      [{ resources: ["i"] }, { resources: ["j", "i"] }, true],
      [{ resources: ["i", "k"] }, { resources: ["j"] }, false],
      [{ a: { x: [1] } }, [{ a: { x: 1 } }], true],
    ];
    expect(wrongOf(rows)).toEqual([]);
  });

  test("DynamoDB's numbers are texts, which are not numeric", () => {
    const event = { dynamodb: { NewImage: { count: { N: "101" } } } };
    const rows: readonly Row[] = [
      [{ dynamodb: { NewImage: { count: { N: ["101"] } } } }, event, true],
      [{ dynamodb: { NewImage: { count: { N: [{ numeric: ["=", 101] }] } } } }, event, false],
    ];
    expect(wrongOf(rows)).toEqual([]);
  });

  test("names that objects have anyway are no keys", () => {
    const event: Json = JSON.parse('{"__proto__":{"x":1}}');
    expect(compileFilter('{"__proto__":{"x":[1]}}').matches(event)).toBe(true);
    expect(compileFilter('{"__proto__":{"x":[1]}}').matches({})).toBe(false);
    expect(compileFilter('{"constructor":{"name":["Object"]}}').matches({})).toBe(false);
    expect(compileFilter('{"toString":[{"exists":false}]}').matches({})).toBe(true);
  });
});
