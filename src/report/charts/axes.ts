// Axis labels as Vega expressions, and round domains.
import { RAMP_TOKENS } from '../theme.js';

/** 0, 10 %, 20 % … */
export const percentLabel = "format(datum.value * 100, '~r') + (datum.value === 0 ? '' : '\u202f%')";

/** −10, 0, +10: percentage points. */
export const pointsLabel =
  "(datum.value > 0 ? '+' : datum.value < 0 ? '\u2212' : '') + format(abs(datum.value) * 100, '~r')";

/** Probability 0…1 in the ramp's classes. */
export const probabilityColour = { type: 'quantize', domain: [0, 1], range: RAMP_TOKENS };

export type Domain = { readonly domain: readonly [number, number]; readonly ticks: readonly number[] };

const STEPS = [0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5];

/**
 * The shortest round domain round `low`…`high` with at most `most` steps.
 *
 * @param least the domain is at least this long
 */
export function roundDomain(low: number, high: number, most = 5, least = 0.05): Domain {
  const padding = Math.max(0, least - (high - low)) / 2;
  const [from, to] = low >= 0 && low - padding < 0 ? [0, Math.max(high, least)] : [low - padding, high + padding];
  const fitting = STEPS.find((step) => Math.ceil(to / step - 1e-9) - Math.floor(from / step + 1e-9) <= most) ?? 0.5;
  const first = Math.floor(from / fitting + 1e-9);
  const last = Math.ceil(to / fitting - 1e-9);
  const ticks = Array.from({ length: last - first + 1 }, (_, i) => round((first + i) * fitting));
  return { domain: [round(first * fitting), round(last * fitting)], ticks };
}

/** As `roundDomain`, never beyond 0…1. */
export function fractionDomain(low: number, high: number, most = 5, least = 0.05): Domain {
  const { domain, ticks } = roundDomain(Math.max(0, low), Math.min(1, high), most, least);
  const kept = ticks.filter((tick) => tick >= 0 && tick <= 1);
  return { domain: [Math.max(0, domain[0]), Math.min(1, domain[1])], ticks: kept };
}

function round(value: number): number {
  return Number(value.toFixed(6));
}

/**
 * Which of `n` places along an axis get a label: all where there are at most `most`, else the first, the last and, at
 * equal distances, about as many between, the middle one among them where there is one.
 */
export function labelledPlaces(n: number, most = 5): number[] {
  if (n <= most) return Array.from({ length: n }, (_, i) => i);
  const parts = [most - 1, most + 1, 2, 3, most].find((part) => (n - 1) % part === 0) ?? most - 1;
  return [...new Set(Array.from({ length: parts + 1 }, (_, i) => Math.round((i * (n - 1)) / parts)))];
}
