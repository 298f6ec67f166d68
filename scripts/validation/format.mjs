// How numbers are written in docs/validation.md.

/** An estimate with its interval, or a dash. */
export function cell(estimate) {
  if (estimate === undefined || estimate.unavailable !== undefined) return '–';
  return `${percent(estimate.value)} [${(100 * estimate.low).toFixed(1)}, ${(100 * estimate.high).toFixed(1)}]`;
}

/** A difference in percentage points, with its interval where it has one. */
export function points(difference) {
  if (difference === undefined || difference.value === undefined) return '–';
  const { value, low, high } = difference;
  const signed = (number) => `${number < 0 ? '−' : '+'}${Math.abs(100 * number).toFixed(1)}`;
  return low === undefined ? signed(value) : `${signed(value)} [${signed(low)}, ${signed(high)}]`;
}

export function percent(value) {
  return `${(100 * value).toFixed(1)} %`;
}

/** A Markdown table; columns from the second on are numbers unless `left` names them. */
export function markdownTable(head, rows, left = [0]) {
  return [
    `| ${head.join(' | ')} |`,
    `|${head.map((_, i) => (left.includes(i) ? '---' : '---:')).join('|')}|`,
    ...rows.map((row) => `| ${row.join(' | ')} |`),
    '',
  ];
}
