import { accountId, parseArn } from "../../../core/arns.ts";
import { AwsError } from "../../../protocols/errors.ts";
import { overlap } from "./bucket-notifications.ts";
import type { BucketNotification } from "./bucket-notifications.ts";
import { readConfiguration } from "./configuration-xml.ts";
import type { GivenNotification } from "./configuration-xml.ts";

/** Assumed: the most characters of a configuration. AWS has at most 100 of a bucket (AWS docs), which come to less. */
const mostCharacters = 512 * 1024;

/**
 * The notifications that a configuration's text tells of. Throws S3's error where it cannot be: `exists` tells whether there is a
 * queue, a topic or a function of an ARN.
 */
export async function bucketNotifications(
  text: string,
  exists: (arn: string) => Promise<boolean>,
): Promise<readonly BucketNotification[]> {
  const given = text.length > mostCharacters ? undefined : readConfiguration(text);
  if (given === undefined)
    // AWS: the text (AWS docs, S3 error responses).
    throw s3Refusal(
      "MalformedXML",
      "The XML you provided was not well-formed or did not validate against our published schema",
    );
  if (given.hasEventBridge)
    throw new AwsError("NotImplemented", "LocalEmu does not offer event buses (EventBridgeConfiguration).", {
      statusCode: 501,
    });
  refuseSameIds(given.notifications);
  const notifications = given.notifications.map((notification) => checked(notification));
  refuseOverlaps(notifications);
  for (const { arn } of notifications) {
    if (!(await exists(arn)))
      // AWS: recorded on AWS. Assumed: which of them, after the sentence.
      throw s3Refusal("InvalidArgument", `Unable to validate the following destination configurations: ${arn}`);
  }
  return notifications;
}

// AWS: the types of events that can be asked for (AWS docs). Those of objects' expiry, tags and the like never happen here.
const eventPattern =
  /^s3:(ReducedRedundancyLostObject|ObjectCreated:(\*|Put|Post|Copy|CompleteMultipartUpload)|ObjectRemoved:(\*|Delete|DeleteMarkerCreated)|ObjectRestore:(\*|Post|Completed|Delete)|Replication:(\*|OperationFailedReplication|OperationNotTracked|OperationMissedThreshold|OperationReplicatedAfterThreshold)|LifecycleTransition|IntelligentTiering|ObjectAcl:Put|LifecycleExpiration:(\*|Delete|DeleteMarkerCreated)|ObjectTagging:(\*|Put|Delete))$/;

function checked({ id, service, arn, events, rules }: GivenNotification): BucketNotification {
  const parsed = parseArn(arn);
  if (parsed?.service !== service || parsed.account !== accountId)
    // AWS: recorded on AWS.
    throw s3Refusal("InvalidArgument", "The ARN could not be parsed");
  // Assumed: the text.
  if (events.length === 0 || !events.every((event) => eventPattern.test(event)))
    throw s3Refusal("InvalidArgument", "A specified event is not supported for notifications.");
  const filters = new Map<string, string>();
  for (const { name, value } of rules) {
    const kind = name.toLowerCase();
    // AWS: recorded on AWS, both.
    if (kind !== "prefix" && kind !== "suffix")
      throw s3Refusal("InvalidArgument", "filter rule name must be either prefix or suffix");
    if (filters.has(kind)) throw s3Refusal("InvalidArgument", `Cannot specify more than one ${kind} rule in a filter.`);
    filters.set(kind, value);
  }
  const [prefix, suffix] = [filters.get("prefix"), filters.get("suffix")];
  return {
    id: id === undefined || id === "" ? idOf([service, arn, ...events, prefix, suffix]) : id,
    service,
    arn,
    events,
    prefix,
    suffix,
  };
}

function refuseSameIds(given: readonly GivenNotification[]): void {
  const ids = given.flatMap(({ id = "" }) => (id === "" ? [] : [id]));
  if (new Set(ids).size === ids.length) return;
  // AWS: the text, also for two that overlap (AWS users' reports). Assumed: that it is the first to be looked at.
  throw s3Refusal("InvalidArgument", "Same ID used for multiple configurations. IDs must be unique.");
}

function refuseOverlaps(notifications: readonly BucketNotification[]): void {
  for (const [index, one] of notifications.entries()) {
    const other = notifications.slice(index + 1).find((another) => overlap(one, another));
    if (other === undefined) continue;
    const isFiltered = [one, other].some(({ prefix, suffix }) => prefix !== undefined || suffix !== undefined);
    // AWS: both texts (AWS users' reports).
    throw s3Refusal(
      "InvalidArgument",
      isFiltered
        ? "Configuration is ambiguously defined. Cannot have overlapping suffixes in two rules if the prefixes are overlapping for the same event type."
        : "Configurations overlap. Configurations on the same bucket cannot share a common event type.",
    );
  }
}

function s3Refusal(code: string, message: string): AwsError {
  return new AwsError(code, message, { statusCode: 400 });
}

/** AWS: who gives no id gets one. */
function idOf(parts: readonly (string | undefined)[]): string {
  return process.getBuiltinModule("node:crypto").hash("sha256", JSON.stringify(parts)).slice(0, 32);
}
