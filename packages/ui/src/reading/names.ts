// Finds the column that a name means, and suggests the nearest name if there is none.

/** The item of that name; case matters only if both spellings exist. */
export function named<T extends { name: string }>(name: string, all: readonly T[]): T | undefined {
  const exact = all.find((one) => one.name === name);
  if (exact) return exact;
  const loose = all.filter((one) => folded(one.name) === folded(name));
  return loose.length === 1 ? loose[0] : undefined;
}

/** Surrounding spaces and the two Unicode forms of accented letters make no difference. */
const folded = (name: string) => name.normalize("NFC").trim().toLowerCase();

/** The names, with numbers for empty and repeated ones. */
export function unique(names: readonly string[], same = (name: string) => name): string[] {
  const taken = new Set(names.map(same));
  const used = new Set<string>();
  return names.map((name, i) => {
    let uniqueName = name === "" ? `column${i + 1}` : name;
    // A generated name must not collide with a name in the file.
    for (let n = 2; used.has(same(uniqueName)) || (uniqueName !== name && taken.has(same(uniqueName))); n++) {
      uniqueName = `${name === "" ? `column${i + 1}` : name}_${n}`;
    }
    used.add(same(uniqueName));
    return uniqueName;
  });
}

/** The nearest name by edit distance, with or without its unit, if it is near enough. */
export function nearest(name: string, names: readonly string[]): string | undefined {
  const plain = (name: string) => name.toLowerCase().replace(/\s*[[(].*$/, "") || name;
  const plainName = plain(name);
  const [best] = names
    .map((name) => ({ name, length: plain(name).length, distance: editDistance(plainName, plain(name)) }))
    .filter(({ length, distance }) => distance <= Math.max(1, Math.floor(Math.max(plainName.length, length) / 3)))
    .filter(({ length, distance }) => distance < Math.max(1, Math.min(plainName.length, length))) // at least one letter must match
    .sort((a, b) => a.distance - b.distance);
  return best?.name;
}

/** The Levenshtein distance. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    }
    row = next;
  }
  return row[b.length]!;
}
