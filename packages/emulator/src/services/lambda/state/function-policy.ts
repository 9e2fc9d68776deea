/** One permission; the keys are in AWS's order. */
export interface PolicyStatement {
  readonly Sid: string;
  readonly Effect: "Allow";
  readonly Principal: string | Readonly<Record<string, string>>;
  readonly Action: string;
  readonly Resource: string;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>> | undefined;
}

/** Who may invoke a qualifier of a function. Replaced as a whole, never empty. */
export type FunctionPolicy = readonly PolicyStatement[];

/** How a policy is shown. */
export function policyDocument(policy: FunctionPolicy): string {
  return JSON.stringify({ Version: "2012-10-17", Id: "default", Statement: policy });
}
