import { expect, test } from "vitest";
import { compileFilter } from "./compile-filter.ts";
import { FilterPatternError } from "./filter-pattern-error.ts";

const tooComplex =
  "Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character";
const notBut = "Value of anything-but must be an array or single string/number value.";
const notInList = "Inside anything but list, start|null|boolean is not supported.";
const notIgnoringCase = "Inside anything-but/equals-ignore-case list, number|start|null|boolean is not supported.";
const mixed = "Inside anything but list, either all values are number or string, mixed type is not supported";

// AWS: most of these reasons were recorded on AWS; the others stand in event-ruler's source.
test.each<[pattern: string, reason: string]>([
  ["null", "Filter is not an object"],
  ['"text"', "Filter is not an object"],
  ["5", "Filter is not an object"],
  ['["not", "a", "dict"]', "Filter is not an object"],
  ["{}", "Empty objects are not allowed"],
  ['{"a": {}}', "Empty objects are not allowed"],
  ['{"int": 42}', '"int" must be an object or an array'],
  ['{"string": "my-value"}', '"string" must be an object or an array'],
  ['{"a": {"b": null}}', '"b" must be an object or an array'],
  ['{"resources": []}', "Empty arrays are not allowed"],
  ['{"a": [["x"]]}', "Match value must be String, number, true, false, or null"],
  ['{"a": [{}]}', "Match expression name not found"],
  ['{"a": [{"EXISTS": true}]}', "Unrecognized match type EXISTS"],
  ['{"a": [{"NUMERIC": ["=", 5]}]}', "Unrecognized match type NUMERIC"],
  ['{"a": [{"toString": "x"}]}', "Unrecognized match type toString"],
  ['{"a": [{"prefix": "a", "suffix": "b"}]}', "Only one key allowed in match expression"],
  ['{"a": [{"exists": "true"}]}', "exists match pattern must be either true or false."],
  ['{"a": [{"exactly": 5}]}', "exact match pattern must be a string"],
  ['{"a": [{"prefix": ["x"]}]}', "prefix match pattern must be a string"],
  ['{"a": [{"prefix": 123}]}', "prefix match pattern must be a string"],
  ['{"a": [{"prefix": {"wildcard": "x"}}]}', "Unsupported prefix pattern: wildcard"],
  ['{"a": [{"prefix": {}}]}', "Prefix expression name not found"],
  ['{"a": [{"prefix": {"equals-ignore-case": 5}}]}', "equals-ignore-case match pattern must be a string"],
  ['{"a": [{"suffix": [".png"]}]}', "suffix match pattern must be a string"],
  ['{"a": [{"suffix": 123}]}', "suffix match pattern must be a string"],
  ['{"a": [{"suffix": {"prefix": "x"}}]}', "Unsupported suffix pattern: prefix"],
  ['{"a": [{"suffix": {}}]}', "Suffix expression name not found"],
  ['{"a": [{"equals-ignore-case": ["x"]}]}', "equals-ignore-case match pattern must be a string"],
  ['{"a": [{"equals-ignore-case": {"prefix": "x"}}]}', "equals-ignore-case match pattern must be a string"],
  ['{"a": [{"wildcard": 123}]}', "wildcard match pattern must be a string"],
  ['{"a": [{"wildcard": ["x*"]}]}', "wildcard match pattern must be a string"],
  ['{"a": [{"wildcard": "arn:aws:events:us-east-1:**:event-bus/*"}]}', "Consecutive wildcard characters at pos 26"],
  ['{"a": [{"wildcard": "a\\\\b"}]}', "Invalid escape character at pos 2"],
  ['{"a": [{"wildcard": "ä\\\\"}]}', "Invalid escape character at pos 3"],
  ['{"a": [{"wildcard": "*:*:*:*:*:event-bus/*"}]}', tooComplex],
  ['{"a": [{"numeric": 5}]}', "Value of numeric must be an array."],
  ['{"a": [{"numeric": []}]}', "Invalid member in numeric match: ]"],
  ['{"a": [{"numeric": [5]}]}', "Invalid member in numeric match: 5"],
  ['{"a": [{"numeric": ["!=", 5]}]}', "Unrecognized numeric range operator: !="],
  ['{"a": [{"numeric": ["=", "5"]}]}', "Value of equals must be numeric"],
  ['{"a": [{"numeric": [">="]}]}', "Value of >= must be numeric"],
  ['{"a": [{"numeric": [">", 0, "<"]}]}', "Value of < must be numeric"],
  ['{"a": [{"numeric": [">", 0, ">", 0]}]}', "Bad numeric range operator: >"],
  ['{"a": [{"numeric": [">", 0, 5]}]}', "Bad value in numeric range: 5"],
  ['{"a": [{"numeric": ["<", 0, ">", 5]}]}', "Too many elements in numeric expression"],
  ['{"a": [{"numeric": ["=", 0, 5]}]}', "Too many elements in numeric expression"],
  ['{"a": [{"numeric": [">", 0, "<", 5, 6]}]}', "Too many terms in numeric range expression"],
  ['{"a": [{"numeric": [">", 5, "<", 5]}]}', "Bottom must be less than top"],
  ['{"a": [{"anything-but": null}]}', notBut],
  ['{"a": [{"anything-but": true}]}', notBut],
  ['{"a": [{"anything-but": {"prefix": {"equals-ignore-case": "file"}}}]}', notBut],
  ['{"a": [{"anything-but": {"suffix": {"equals-ignore-case": ".png"}}}]}', notBut],
  ['{"a": [{"anything-but": {"wildcard": null}}]}', notBut],
  ['{"a": [{"anything-but": {}}]}', "Anything-But expression name not found"],
  ['{"a": [{"anything-but": {"numeric": ["=", 5]}}]}', "Unsupported anything-but pattern: numeric"],
  ['{"a": [{"anything-but": {"prefix": "a", "suffix": "b"}}]}', "Too many elements in numeric expression"],
  ['{"a": [{"anything-but": [null]}]}', notInList],
  ['{"a": [{"anything-but": ["a", true]}]}', notInList],
  ['{"a": [{"anything-but": [["a"]]}]}', notInList],
  ['{"a": [{"anything-but": ["a", 1]}]}', mixed],
  ['{"a": [{"anything-but": []}]}', mixed],
  ['{"a": [{"anything-but": {"prefix": 123}}]}', "prefix/suffix match pattern must be a string"],
  ['{"a": [{"anything-but": {"suffix": [123, ".txt"]}}]}', "prefix/suffix match pattern must be a string"],
  ['{"a": [{"anything-but": {"prefix": ""}}]}', "Null prefix/suffix not allowed"],
  ['{"a": [{"anything-but": {"suffix": ["a", ""]}}]}', "Null prefix/suffix not allowed"],
  ['{"a": [{"anything-but": {"equals-ignore-case": 123}}]}', notIgnoringCase],
  ['{"a": [{"anything-but": {"equals-ignore-case": [123, 456]}}]}', notIgnoringCase],
  ['{"a": [{"anything-but": {"wildcard": 123}}]}', "wildcard match pattern must be a string"],
  ['{"a": [{"anything-but": {"wildcard": [123, "*/dir/*"]}}]}', "wildcard match pattern must be a string"],
  ['{"a": [{"cidr": ["bad-type"]}]}', "prefix match pattern must be a string"],
  ['{"a": [{"cidr": "10.0.0.0"}]}', "Malformed CIDR, one '/' required"],
  ['{"a": [{"cidr": "10.0.0.0/8/8"}]}', "Malformed CIDR, one '/' required"],
  ['{"a": [{"cidr": "10.0.0.0/x"}]}', "Malformed CIDR, mask bits must be an integer"],
  ['{"a": [{"cidr": "10.0.0.0/-1"}]}', "Malformed CIDR, mask bits must not be negative"],
  ['{"a": [{"cidr": "10.0.0.0/32"}]}', "IPv4 mask bits must be < 32"],
  ['{"a": [{"cidr": "2001:db8::/128"}]}', "IPv6 mask bits must be < 128"],
  ['{"a": [{"cidr": "xx.11.xx/8"}]}', "Nonstandard IP address: xx.11.xx"],
  ['{"a": [{"cidr": "xxxx:db8:1234:1a00::/56"}]}', "Nonstandard IP address: xxxx:db8:1234:1a00::"],
  ['{"$or": {"a": [1]}}', "It must be an Array followed with $or."],
  ['{"$or": [{"a": [1]}]}', "There must have at least 2 Objects in $or relationship."],
  ['{"$or": []}', "There must have at least 2 Objects in $or relationship."],
  ['{"$or": [{"a": [1]}, 5]}', "Only JSON object is allowed in array of $or relationship."],
  ['{"$or": [{"a": [1]}, {}]}', "Empty objects are not allowed"],
  ['{"$or": [{"a": [1]}, {"prefix": [1]}]}', "prefix is Ruler reserved fieldName which cannot be used inside $or."],
])("%s: %s", (pattern, reason) => {
  expect(() => compileFilter(pattern)).toThrow(new FilterPatternError(reason));
});

test.each(["", "simple string", "{'bad': 'quotation'}", '{"not": closed', '[{"eventName": ["INSERT"=123}]'])(
  "no JSON: %s",
  (pattern) => {
    expect(() => compileFilter(pattern)).toThrow(FilterPatternError);
  },
);

test("a pattern of more than 1000 combinations is refused before they are made", () => {
  const ors = Array.from({ length: 60 }, (_, index) => `"k${index}": {"$or": [{"a": [1]}, {"b": [1]}]}`);
  expect(() => compileFilter(`{${ors.join(",")}}`)).toThrow("Rule is too complex - more than 1000 combinations of $or");
  expect(compileFilter(`{${ors.slice(0, 9).join(",")}}`).alternatives).toHaveLength(512);
});
