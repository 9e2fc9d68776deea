import type * as kinesis from "@aws-sdk/client-kinesis";
import type * as sts from "@aws-sdk/client-sts";
import { expectTypeOf, test } from "vitest";
import type { CallContext, NotImplemented, Operation, OperationsOf, ServiceImplementation } from "./operations.ts";

type Sts = typeof sts;
type Kinesis = typeof kinesis;
type Unsupported = Exclude<keyof OperationsOf<Sts>, "GetCallerIdentity" | "GetSessionToken">;
type Implementation = ServiceImplementation<Sts, CallContext, Unsupported>;

const GetCallerIdentity: Operation<Sts, CallContext, "GetCallerIdentity"> = (_input, context) => ({
  Account: context.accountId,
});
const GetSessionToken: Operation<Sts, CallContext, "GetSessionToken"> = async () => ({});

test("an operation that is neither written nor declined does not compile", () => {
  expectTypeOf({ GetCallerIdentity, GetSessionToken }).toExtend<Implementation>();
  expectTypeOf({ GetCallerIdentity }).not.toExtend<Implementation>();
  expectTypeOf({ GetCallerIdentity: () => ({ Account: 1 }), GetSessionToken }).not.toExtend<Implementation>();
});

test("every declined operation has a reason", () => {
  expectTypeOf({ AssumeRoot: "no organizations" }).toExtend<NotImplemented<"AssumeRoot">>();
  expectTypeOf({}).not.toExtend<NotImplemented<"AssumeRoot">>();
});

test("an operation without output returns nothing, one with output may not", () => {
  expectTypeOf<ReturnType<Operation<Kinesis, CallContext, "CreateStream">>>().toEqualTypeOf<void | Promise<void>>();
  expectTypeOf<() => void>().not.toExtend<Operation<Kinesis, CallContext, "PutRecord">>();
});
