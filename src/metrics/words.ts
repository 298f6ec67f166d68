// How numbers are written, in one place: for tables and sentences of the terminal. Ordinary spaces, so that lines
// can be searched for.
import type { Estimate } from '../core/estimate.js';

/** "1,600". */
function whole(n: number): string {
  return Math.round(n).toLocaleString('en-US');
}

/** "1 picture", "1,600 steps"; the plural with -s unless given. */
export function counted(n: number, noun: string, plural = `${noun}s`): string {
  return `${whole(n)} ${n === 1 ? noun : plural}`;
}

/** "a, b and c". */
export function listed(items: readonly string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** "6.1 %"; what isn't 0 or 1 never looks so: "< 0.1 %", "> 99.9 %". */
export function percent(value: number, digits = 1): string {
  const text = (100 * value).toFixed(digits);
  if (value > 0 && Number(text) === 0) return `< ${(10 ** -digits).toFixed(digits)} %`;
  if (value < 1 && Number(text) === 100) return `> ${(100 - 10 ** -digits).toFixed(digits)} %`;
  return `${text} %`;
}

/** "6.1 % [4.9, 7.4]": a fraction or probability with its interval. */
export function percentWithInterval(estimate: Pick<Estimate, 'value' | 'low' | 'high'>, digits = 1): string {
  const { value, low, high } = estimate;
  return `${percent(value, digits)} [${(100 * low).toFixed(digits)}, ${(100 * high).toFixed(digits)}]`;
}

/** A signed difference of fractions in percentage points: "+3.1", "−0.4", "0.0" (with U+2212). */
export function points(difference: number, digits = 1): string {
  const text = Math.abs(100 * difference).toFixed(digits);
  if (Number(text) === 0) return text;
  return `${difference > 0 ? '+' : '−'}${text}`;
}

/** "−3.1 points [−5.0, −1.2]". */
export function pointsWithInterval(estimate: Pick<Estimate, 'value' | 'low' | 'high'>, digits = 1): string {
  const { value, low, high } = estimate;
  return `${points(value, digits)} points [${points(low, digits)}, ${points(high, digits)}]`;
}

/** "p < 0.001", "p = 0.004", "p = 0.31": three digits below 0.1. */
export function pValue(p: number): string {
  if (p < 0.001) return 'p < 0.001';
  return `p = ${p.toFixed(p < 0.1 ? 3 : 2)}`;
}

/**
 * A fraction as people say it: "no step", "1 step in 16", "2 steps in 5", "all but 1 step in 20", "every step". Small
 * and large fractions as 1 in n, those between as the nearest k in n with n ≤ 10, the smallest such n.
 */
export function oneIn(fraction: number, noun: string, plural = `${noun}s`): string {
  if (fraction === 0) return `no ${noun}`;
  if (fraction === 1) return `every ${noun}`;
  if (fraction < 0.15) return `1 ${noun} in ${whole(1 / fraction)}`;
  if (fraction > 0.9) return `all but 1 ${noun} in ${whole(1 / (1 - fraction))}`;
  let best = { k: 1, n: 2 };
  for (let n = 2; n <= 10; n++) {
    const k = Math.min(n - 1, Math.max(1, Math.round(fraction * n)));
    if (Math.abs(k / n - fraction) < Math.abs(best.k / best.n - fraction) - 1e-9) best = { k, n };
  }
  return `${counted(best.k, noun, plural)} in ${best.n}`;
}

/** A large number in thousands: "96.3 k", "2.65 M", "1.2 G", with a unit "387 kB"; small ones as they are: "16". */
export function compact(value: number, unit = ''): string {
  const steps = ['', 'k', 'M', 'G', 'T'];
  let [step, size] = [0, Math.abs(value)];
  while (size >= 999.5 && step < steps.length - 1) {
    size /= 1000;
    step++;
  }
  const text = step === 0 ? String(Number(size.toPrecision(4))) : size.toPrecision(3);
  const sign = value < 0 ? '−' : '';
  const suffix = `${steps[step] ?? ''}${unit}`;
  return `${sign}${text}${suffix === '' ? '' : ` ${suffix}`}`;
}

/** A positive number with three significant digits and no exponent: "0.0741", "12.3", "1,230". */
export function threeDigits(value: number): string {
  return value >= 999.5 ? whole(Number(value.toPrecision(3))) : value.toPrecision(3);
}

/** A coefficient between −1 and 1 with two digits and a true minus: "−0.90", "0.41". */
export function coefficient(value: number): string {
  const text = Math.abs(value).toFixed(2);
  return value < 0 && Number(text) > 0 ? `−${text}` : text;
}
