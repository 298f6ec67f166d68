// How numbers and names are written, in one place: the built page and its live parts share it, so that static and live
// words can't differ. The terminal's words (metrics/words) with the page's typography: narrow no-break spaces.
import * as words from '../metrics/words.js';

/** Narrow no-break space, between a number and its unit. */
const NARROW = '\u202f';
const MINUS = '\u2212';

/** A fraction as a percentage: 0.183 → "18.3 %"; what isn't 0 or 1 never looks so ("< 0.1 %"). */
export function percent(value: number | null, digits = 1): string {
  return value === null ? '–' : narrow(words.percent(value, digits));
}

/** Text of the terminal with the page's spaces before per-cent signs and between the parts of a number. */
export function narrow(text: string): string {
  return text.replace(/(?<=[<>]) (?=\d)|(?<=\d) (?=%)/g, NARROW);
}

/** A percentage for running text: no needless decimals ("0 %", "18.3 %", "100 %"). */
export function plainPercent(value: number): string {
  return value === 0 || value === 1 ? `${100 * value}${NARROW}%` : percent(value);
}

/** The bounds of an interval in per cent: "12.7 to 24.3 %". */
export function interval({ low, high }: { readonly low: number; readonly high: number }, digits = 1): string {
  return `${(100 * low).toFixed(digits)} to ${(100 * high).toFixed(digits)}${NARROW}%`;
}

/** A value with its interval, for tables: "18.3 % [12.7 to 24.3 %]". */
export function estimateText(estimate: {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}): string {
  return `${percent(estimate.value)} [${interval(estimate)}]`;
}

/** A number with its sign, a true minus: −3, 0, +3. */
export function signed(value: number): string {
  const short = shortened(value);
  return short > 0 ? `+${short}` : short < 0 ? `${MINUS}${-short}` : '0';
}

/** At most three digits after the point: thirds of pixels are no longer than others. */
function shortened(value: number): number {
  return Number(value.toFixed(3));
}

/** A number with a true minus. */
export function plain(value: number): string {
  return value < 0 ? `${MINUS}${-value}` : String(value);
}

/** Whole numbers with thousands parted: 12,345. */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** A p-value without its letter: "< 0.001", "0.004", "0.12". */
export function pValue(p: number): string {
  return words.pValue(p).replace(/^p (= )?/, '');
}

/** Seconds as "48 s", "12 min" or "3 h 20 min". */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))}${NARROW}s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return `${minutes}${NARROW}min`;
  return `${Math.floor(minutes / 60)}${NARROW}h ${minutes % 60}${NARROW}min`;
}

/** ISO 8601 as "22 November 2026" (the date as it is written, whatever the reader's time zone). */
export function date(iso: string): string {
  const months = 'January February March April May June July August September October November December'.split(' ');
  const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)/.exec(iso) ?? [];
  return year && month && day ? `${Number(day)} ${months[Number(month) - 1] ?? month} ${year}` : iso;
}

const NUMBERS = 'no one two three four five six seven eight nine ten eleven twelve'.split(' ');

/** Small whole numbers in words: "no", "one", …, "twelve", "13"; fractions as they are: "0.5". */
export function count(n: number): string {
  return NUMBERS[n] ?? (Number.isInteger(n) ? grouped(n) : String(shortened(n)));
}

/** "once", "twice", "three times". */
export function times(n: number): string {
  if (n === 0) return 'never';
  if (n === 1) return 'once';
  return n === 2 ? 'twice' : `${count(n)} times`;
}

/** "1 change", "5 changes", "no changes". */
export function counted(n: number, one: string, many = `${one}s`): string {
  return n === 0 ? `no ${many}` : words.counted(n, one, many);
}

/** First letter in upper case. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Short names of pictures: file name without WordNet id, extension and underscores; the whole id where two would agree. */
export function pictureNames(ids: readonly string[]): string[] {
  const short = ids.map((id) =>
    (id.split('/').at(-1) ?? id)
      .replace(/^n\d{8}_/, '')
      .replace(/\.\w{3,4}$/, '')
      .replaceAll('_', ' '),
  );
  const seen = new Map<string, number>();
  for (const name of short) seen.set(name, (seen.get(name) ?? 0) + 1);
  return short.map((name, i) => (name !== '' && seen.get(name) === 1 ? name : (ids[i] ?? name)));
}

/** A command line broken before each option, for reading and pasting; quoted arguments stay whole. */
export function commandLines(command: string): string {
  return command.replace(/'[^']*'|"[^"]*"| (?=--)/g, (piece) => (piece === ' ' ? ' \\\n  ' : piece));
}

/** A ratio as a plain number with three significant digits: "0.124", "1.05", "0", "< 0.001". */
export function ratio(value: number): string {
  if (value === 0) return '0';
  if (Math.abs(value) < 0.001) return `<${NARROW}0.001`;
  return plain(Number(value.toPrecision(3)));
}

/** A ratio with its interval, for tables: "0.124 [0.110 to 0.140]". */
export function ratioText(estimate: { readonly value: number; readonly low: number; readonly high: number }): string {
  return `${ratio(estimate.value)} [${ratio(estimate.low)} to ${ratio(estimate.high)}]`;
}
