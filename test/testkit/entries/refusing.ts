/** The line of the error is what tests look for. */
export function refusing(id: number): never {
  // A comment, a type and a blank line that a bundle does not have.
  type Reason = `refused ${number}`;

  const reason: Reason = `refused ${id}`;
  throw new RangeError(reason);
}
