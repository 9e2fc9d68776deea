import { anyOf, lowerFirst, report, ruleOf } from "./constraint-rules.ts";
import type { Check, Findings } from "./constraint-rules.ts";
import type { Constraint } from "./constraint-table.ts";
import { notNull } from "./constraint-texts.ts";
import { validationException } from "./errors.ts";
import type { Members } from "./protocol.ts";
import type { ListShape, MapShape, Member, Shape, StructureShape } from "./shapes.ts";

/** AWS: no more than this many are reported (kinesalite's suite). */
const reportedAtMost = 10;

/** Checks inputs against the constraints of the service's model; compiled per structure, nothing where nothing is said. */
export class ConstraintChecks {
  readonly #structures = new Map<StructureShape, Check | undefined>();
  readonly #partsNotNull: boolean;

  /** `partsNotNull`: whether the rules of elements, keys and values end in that they must not be null. */
  constructor({ partsNotNull = false }: { readonly partsNotNull?: boolean } = {}) {
    this.#partsNotNull = partsNotNull;
  }

  /** Throws a ValidationException that lists what is wrong. */
  assertValid(shape: StructureShape, input: Members): void {
    const found = this.violations(shape, input);
    if (found.length > 0) {
      throw validationException(
        `${found.length} validation ${found.length === 1 ? "error" : "errors"} detected: ${found.join("; ")}`,
      );
    }
  }

  /** The violations, worded as AWS words each. */
  violations(shape: StructureShape, input: Members): readonly string[] {
    const check = this.#structure(shape);
    if (check === undefined) return [];
    const findings: Findings = { path: [], found: [] };
    check(input, findings);
    return findings.found.slice(0, reportedAtMost);
  }

  #structure(shape: StructureShape): Check | undefined {
    if (this.#structures.has(shape)) return this.#structures.get(shape);
    // Stands in while the members are compiled, for structures that contain themselves.
    this.#structures.set(shape, (value, findings) => this.#structures.get(shape)?.(value, findings));
    const members = shape.members.flatMap((member) => {
      const check = this.#member(member);
      return check === undefined && !member.required ? [] : [{ member, check, segment: lowerFirst(member.name) }];
    });
    const compiled: Check | undefined =
      members.length === 0
        ? undefined
        : (value, findings) => {
            for (const { member, check, segment } of members) {
              const given = (value as Members)[member.name];
              if (given === undefined) {
                if (member.required) report(findings, segment, "null", notNull);
              } else if (check !== undefined) {
                check(given, findings);
              }
            }
          };
    this.#structures.set(shape, compiled);
    return compiled;
  }

  #member(member: Member): Check | undefined {
    const segment = lowerFirst(member.name);
    const own = ruleOf(member.shape, member.constraint, segment);
    const inner = this.#inside(member.shape, member.constraint, segment);
    if (own === undefined || inner === undefined) return own ?? inner;
    return (value, findings) => {
      own(value, findings);
      inner(value, findings);
    };
  }

  /** Checks what a value contains. */
  #inside(shape: Shape, constraint: Constraint | undefined, segment: string): Check | undefined {
    switch (shape.kind) {
      case "structure": {
        const check = this.#structure(shape);
        return check && within(segment, check);
      }
      case "list":
        return this.#elements(shape, constraint, segment);
      case "map":
        return this.#entries(shape, constraint, segment);
      default:
        return undefined;
    }
  }

  #elements(shape: ListShape, constraint: Constraint | undefined, segment: string): Check | undefined {
    const inner = this.#inside(shape.element.shape, constraint?.member, "member");
    const eachOf =
      inner &&
      within(segment, (value, findings) => {
        const at = findings.path.push(0) - 1;
        for (const [index, element] of (value as readonly unknown[]).entries()) {
          findings.path[at] = index + 1;
          inner(element, findings);
          if (findings.found.length >= reportedAtMost) break;
        }
        findings.path.pop();
      });
    const container = { shape, constraint, partsNotNull: this.#partsNotNull };
    const whole = anyOf(shape.element.shape, constraint?.member, segment, container, "Member must satisfy constraint");
    return both(whole && ((value, findings) => whole(value, value as readonly unknown[], findings)), eachOf);
  }

  #entries(shape: MapShape, constraint: Constraint | undefined, segment: string): Check | undefined {
    const container = { shape, constraint, partsNotNull: this.#partsNotNull };
    const keys = anyOf(shape.key.shape, constraint?.key, segment, container, "Map keys must satisfy constraint");
    const values = anyOf(shape.value.shape, constraint?.value, segment, container, "Map value must satisfy constraint");
    const inner = this.#inside(shape.value.shape, constraint?.value, "member");
    const eachOf =
      inner &&
      within(segment, (value, findings) => {
        for (const [key, element] of Object.entries(value as Members)) {
          findings.path.push(key);
          inner(element, findings);
          findings.path.pop();
        }
      });
    return both(
      both(
        keys && ((value, findings) => keys(value, Object.keys(value as Members), findings)),
        values && ((value, findings) => values(value, Object.values(value as Members), findings)),
      ),
      eachOf,
    );
  }
}

function both(one: Check | undefined, other: Check | undefined): Check | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return (value, findings) => {
    one(value, findings);
    other(value, findings);
  };
}

function within(segment: string, check: Check): Check {
  return (value, findings) => {
    findings.path.push(segment);
    check(value, findings);
    findings.path.pop();
  };
}
