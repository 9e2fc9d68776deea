/**
 * Narrows a member that the model marks as required: the protocol layer has refused calls without it, the SDK's types
 * still allow `undefined`.
 */
export function required<T>(value: T | undefined, member: string): T {
  if (value === undefined) throw new TypeError(`required member ${member} is missing`);
  return value;
}
