/** The name that was probably meant: the one with the fewest letters changed, if these are few enough to be a slip. */
export function nearestName(written: string, names: readonly string[]): string | undefined {
  const most = Math.max(2, Math.floor(written.length / 4));
  let nearest: string | undefined;
  let fewest = most + 1;
  for (const name of names) {
    const changes = changesBetween(written, name);
    if (changes >= fewest) continue;
    fewest = changes;
    nearest = name;
  }
  return nearest;
}

/** How many letters must be added, left out, replaced, or swapped with their neighbour, to make one text of the other. */
function changesBetween(from: string, to: string): number {
  let beforeLast: readonly number[] = [];
  let last: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const row = [i];
    for (let j = 1; j <= to.length; j++) {
      const replaced = at(last, j - 1) + (from[i - 1] === to[j - 1] ? 0 : 1);
      let fewest = Math.min(replaced, at(last, j) + 1, at(row, j - 1) + 1);
      const areSwapped = i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1];
      if (areSwapped) fewest = Math.min(fewest, at(beforeLast, j - 2) + 1);
      row.push(fewest);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, to.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
