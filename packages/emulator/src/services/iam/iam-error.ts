import type * as sdk from "@aws-sdk/client-iam";
import { errorsOf } from "../../protocols/errors.ts";

export const iamError = errorsOf<typeof sdk>();
