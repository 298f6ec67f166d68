// The one place where errors are made: each says what was expected, what was received and what to do.
// Only `cli` turns them into messages and exit codes (design: 2 wrong input, 3 a run that failed part-way).

/** The command line or an input is wrong; nothing was measured. The command line ends with exit code 2. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** The run itself failed part-way; what was measured is kept. The command line ends with exit code 3. */
export class RunError extends Error {
  override readonly name = 'RunError';
}

/** One picture can't be used; the run reports, counts and skips it (unless `--strict`). */
export class PictureError extends Error {
  override readonly name = 'PictureError';
}

/** How a value that was received is shown in a message: short, quoted, with its type where that isn't plain. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (typeof value === 'string') return value.length > 80 ? `"${value.slice(0, 77)}…"` : `"${value}"`;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  const text = typeof value === 'object' ? JSON.stringify(value) : typeof value;
  return `${text.length > 80 ? `${text.slice(0, 77)}…` : text} (${Array.isArray(value) ? 'array' : typeof value})`;
}

/**
 * "Expected WHAT for NAME but received VALUE. TO DO".
 *
 * @param name the option, key or file that the value was given for
 * @param what what was expected, as a noun phrase with its range or an example
 * @param received the value as received
 * @param todo what to do about it; omitted where the expectation says it all
 */
export function expected(name: string, what: string, received: unknown, todo?: string): InputError {
  return new InputError(`Expected ${what} for ${name} but received ${shown(received)}.${todo ? ` ${todo}` : ''}`);
}

/** Number of single-letter edits (insert, delete, replace, swap neighbours) between two words. */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      next.push(best);
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}

/** The up to `most` valid names nearest to `name`, nearest first; none that differ in more than half of their letters. */
export function nearest(name: string, valid: readonly string[], most = 3): string[] {
  const wanted = name.toLowerCase();
  return valid
    .map((candidate) => {
      const text = candidate.toLowerCase();
      const distance = text.includes(wanted) && wanted.length > 2 ? 1 : editDistance(wanted, text);
      return { candidate, distance };
    })
    .filter(({ candidate, distance }) => distance <= Math.max(2, Math.floor(candidate.length / 2)))
    .sort((a, b) => a.distance - b.distance || a.candidate.localeCompare(b.candidate))
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/**
 * "Unknown KIND NAME. Did you mean …? Valid: …".
 *
 * @param kind what the name names: "protocol", "layer", "metric"
 * @param valid all valid names; at most `listed` are printed
 */
export function unknownName(kind: string, name: string, valid: readonly string[], listed = 40): InputError {
  const near = nearest(name, valid);
  const guess = near.length > 0 ? ` Did you mean ${near.map((text) => `"${text}"`).join(' or ')}?` : '';
  const rest = valid.length > listed ? `, … (${valid.length} in all)` : '';
  return new InputError(`Unknown ${kind} "${name}".${guess} Valid: ${valid.slice(0, listed).join(', ')}${rest}.`);
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
