import type * as kinesis from "@aws-sdk/client-kinesis";
import type * as lambda from "@aws-sdk/client-lambda";
import { expect, expectTypeOf, test } from "vitest";
import { AwsError, errorsOf, toAwsError } from "./errors.ts";
import type { ErrorName } from "./errors.ts";

type Kinesis = typeof kinesis;
const lambdaError = errorsOf<typeof lambda>();

test("a service raises the errors it models, with the members they have", () => {
  const error = lambdaError("TooManyRequestsException", "Rate Exceeded.", {
    fields: { Reason: "CallerRateLimitExceeded" },
  });
  expect(error).toMatchObject({
    name: "TooManyRequestsException",
    code: "TooManyRequestsException",
    message: "Rate Exceeded.",
    statusCode: undefined,
    fields: { Reason: "CallerRateLimitExceeded" },
  });
  // @ts-expect-error Lambda models no such error.
  expect(lambdaError("ThroughputException", "").code).toBe("ThroughputException");
  // @ts-expect-error The error has no such member.
  expect(lambdaError("ServiceException", "", { fields: { Reason: "a" } }).fields).toEqual({ Reason: "a" });
});

test("the names are the client's modelled errors, without their base", () => {
  expectTypeOf<"ResourceNotFoundException">().toExtend<ErrorName<Kinesis>>();
  expectTypeOf<"KinesisServiceException">().not.toExtend<ErrorName<Kinesis>>();
  expectTypeOf<"PutRecordCommand">().not.toExtend<ErrorName<Kinesis>>();
});

test("what is thrown by mistake is an InternalFailure that tells nothing", () => {
  const bug = new TypeError("x is undefined");
  expect(toAwsError(bug)).toMatchObject({ code: "InternalFailure", message: "", statusCode: 500, cause: bug });
  const known = new AwsError("Known", "m");
  expect(toAwsError(known)).toBe(known);
});
