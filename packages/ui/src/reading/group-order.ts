// Sorts the rows of a table by group.

/** The rows in the order of their groups, each group in file order; undefined if they already are. */
export function orderByGroup(codes: Int32Array, groups: number): Int32Array | undefined {
  const starts = new Int32Array(groups + 1);
  let inOrder = true;
  for (let i = 0; i < codes.length; i++) {
    starts[codes[i]! + 1]!++;
    if (i > 0 && codes[i]! < codes[i - 1]!) inOrder = false; // codes increase in order of appearance
  }
  if (inOrder) return undefined;
  for (let g = 0; g < groups; g++) starts[g + 1]! += starts[g]!;
  const order = new Int32Array(codes.length);
  for (let i = 0; i < codes.length; i++) order[starts[codes[i]!]!++] = i;
  return order;
}
