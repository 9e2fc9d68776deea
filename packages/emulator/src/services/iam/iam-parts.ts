import type { IamPorts } from "./ports.ts";
import type { Policies } from "./state/policies.ts";
import type { Roles } from "./state/roles.ts";

/** What the operations on managed policies work with. */
export interface IamParts {
  readonly ports: IamPorts;
  readonly roles: Roles;
  readonly policies: Policies;
}
