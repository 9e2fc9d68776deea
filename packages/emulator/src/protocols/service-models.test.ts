import { describe, expect, test } from "vitest";
import { ConstraintChecks } from "./constraints.ts";
import { loadModel } from "./service-models.ts";
import type { ServiceName } from "./service-models.ts";
import type { Shape } from "./shapes.ts";

describe.each<[ServiceName, operations: number]>([
  ["iam", 180],
  ["kinesis", 45],
  ["lambda", 88],
  ["logs", 118],
  ["sts", 11],
])("%s", async (name, operations) => {
  const model = await loadModel(name);

  test("has the operations of its client", () => {
    expect(model.schema.operations.size).toBe(operations);
  });

  test("has nothing in its schemas that the protocols do not know", () => {
    const seen = new Set<Shape>();
    for (const { input, output } of model.schema.operations.values()) {
      visit(input, seen);
      visit(output, seen);
    }
    for (const { shape } of model.schema.errors.values()) visit(shape, seen);
    expect(seen.size).toBeGreaterThan(50);
  });

  test("has constraints that compile and hold for every input", () => {
    const checks = new ConstraintChecks();
    for (const { input } of model.schema.operations.values()) {
      const missing = input.members.filter((member) => member.required);
      expect(checks.violations(input, {})).toHaveLength(Math.min(missing.length, 10));
    }
  });
});

test("the errors of a service have their status, fault and code", async () => {
  const kinesis = await loadModel("kinesis");
  const sts = await loadModel("sts");
  expect(kinesis.schema.errors.get("ResourceNotFoundException")).toMatchObject({ status: 400, fault: "client" });
  expect(kinesis.schema.errors.get("InternalFailureException")).toMatchObject({ status: 500, fault: "server" });
  expect(sts.schema.errors.get("IDPRejectedClaimException")).toMatchObject({
    status: 403,
    queryCode: "IDPRejectedClaim",
  });
});

function visit(shape: Shape, seen: Set<Shape>): void {
  if (seen.has(shape)) return;
  seen.add(shape);
  switch (shape.kind) {
    case "list":
      visit(shape.element.shape, seen);
      break;
    case "map":
      visit(shape.key.shape, seen);
      visit(shape.value.shape, seen);
      break;
    case "structure":
      for (const member of shape.members) visit(member.shape, seen);
      break;
    default:
  }
}
