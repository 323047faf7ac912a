// The one rule by which a name means a column, and what to offer where it means none.

/** The one of that name; upper and lower case are told apart only where both exist. */
export function named<T extends { name: string }>(name: string, all: readonly T[]): T | undefined {
  const exact = all.find((one) => one.name === name);
  if (exact) return exact;
  const loose = all.filter((one) => folded(one.name) === folded(name));
  return loose.length === 1 ? loose[0] : undefined;
}

/** Blanks around a name and the two ways to write an accented letter make no difference. */
const folded = (name: string) => name.normalize("NFC").trim().toLowerCase();

/** Names as they are, empty ones numbered, and repeated ones told apart. */
export function unique(names: readonly string[], same = (name: string) => name): string[] {
  const taken = new Set(names.map(same));
  const used = new Set<string>();
  return names.map((name, i) => {
    let free = name === "" ? `column${i + 1}` : name;
    // A name that is made up leaves those alone that stand in the file.
    for (let n = 2; used.has(same(free)) || (free !== name && taken.has(same(free))); n++) {
      free = `${name === "" ? `column${i + 1}` : name}_${n}`;
    }
    used.add(same(free));
    return free;
  });
}

/** The name that someone may have meant, with or without its unit: the fewest letters to change, if they are few. */
export function nearest(word: string, names: readonly string[]): string | undefined {
  const plain = (name: string) => name.toLowerCase().replace(/\s*[[(].*$/, "") || name;
  const meant = plain(word);
  const [best] = names
    .map((name) => ({ name, length: plain(name).length, distance: editDistance(meant, plain(name)) }))
    .filter(({ length, distance }) => distance <= Math.max(1, Math.floor(Math.max(meant.length, length) / 3)))
    .filter(({ length, distance }) => distance < Math.max(1, Math.min(meant.length, length))) // something stays
    .sort((a, b) => a.distance - b.distance);
  return best?.name;
}

/** Levenshtein's distance. */
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
