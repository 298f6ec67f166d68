// Names that are too long for their place lose their middle, not their end: variants of one model differ at the end.

/** Letters of a name's end that stay: as long as "+align16+grid4". */
const TAIL = 14;

/**
 * Vega expression for a name in at most `letters` letters: "mobilen…+align16+grid4".
 *
 * @param name expression for the whole name
 */
export function shortName(name: string, letters: number): string {
  const tail = Math.max(1, Math.min(TAIL, letters - 5));
  const head = Math.max(1, letters - tail - 1);
  return `length(${name}) > ${head + tail + 1} ? slice(${name}, 0, ${head}) + '…' + slice(${name}, -${tail}) : ${name}`;
}
