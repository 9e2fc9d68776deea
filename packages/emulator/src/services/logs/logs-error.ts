import { errorsOf } from "../../protocols/errors.ts";

export const logsError = errorsOf<typeof import("@aws-sdk/client-cloudwatch-logs")>();
