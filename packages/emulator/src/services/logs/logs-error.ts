import type * as sdk from "@aws-sdk/client-cloudwatch-logs";
import { errorsOf } from "../../protocols/errors.ts";

export const logsError = errorsOf<typeof sdk>();
