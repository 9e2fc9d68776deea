import { logsError } from "./logs-error.ts";
import { groupOfArn } from "./log-groups.ts";
import type { LogGroupSettings } from "./state/group-settings.ts";
import type { LogGroup, LogStore } from "./state/log-store.ts";

/** What the operations on log groups' settings work with. */
export interface LogParts {
  readonly store: LogStore;
  readonly settings: LogGroupSettings;
}

const mostTags = 50;

/** The log group that has tags under an ARN, or AWS's error. */
export function taggedGroup({ store }: LogParts, region: string, arn: string): LogGroup {
  const group = groupOfArn(store, region, arn);
  // Assumed: the text, which is that of a group that is named.
  if (group === undefined) throw logsError("ResourceNotFoundException", "The specified log group does not exist.");
  return group;
}

/** Adds tags to those of a group, or throws AWS's error. */
export function addTags({ settings }: LogParts, group: LogGroup, added: Readonly<Record<string, string>>): void {
  const tags = { ...settings.get(group).tags, ...added };
  // Assumed: the text.
  if (Object.keys(tags).length > mostTags)
    throw logsError("TooManyTagsException", `A log group can have no more than ${mostTags} tags.`, {
      fields: { resourceName: group.arn },
    });
  settings.change(group, { tags });
}
