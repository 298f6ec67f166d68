// Estimates: a number with its interval, its sample size and its unit, or the reason why there is none.

/** How an interval was found. */
export type IntervalMethod = 'bootstrap over pictures' | 'Wilson';

/** A number with its 95 % interval. Never a bare 0 for "no data". */
export type Estimate = {
  readonly value: number;
  readonly low: number;
  readonly high: number;
  /** Number of pairs (or views, or pictures: the metric says) that the value is a mean of. */
  readonly n: number;
  /** Number of pictures that contribute. */
  readonly pictures: number;
  /** "fraction" (of 1), "probability" (0…1), or points of them for differences. */
  readonly unit: string;
  readonly method: IntervalMethod;
};

/** Why a number with its interval isn't there. */
export type Unavailable = {
  readonly unavailable: string;
  /** The number alone, where only the interval is missing (a single picture). */
  readonly value?: number;
};

export type MaybeEstimate = Estimate | Unavailable;

export function isEstimate(value: MaybeEstimate | undefined): value is Estimate {
  return value !== undefined && !('unavailable' in value);
}

/** The number, with or without an interval; null where there is none. */
export function valueOf(value: MaybeEstimate | undefined): number | null {
  return value?.value ?? null;
}

/** A paired difference, model `a` minus model `b`, over the same pictures and views. */
export type Comparison = {
  readonly metric: string;
  readonly a: string;
  readonly b: string;
  /** The difference with its (unadjusted) 95 % interval. */
  readonly difference: MaybeEstimate;
  /** Two-sided p, null where there is no difference to test. */
  readonly p: number | null;
  /** p after Holm's adjustment over all tested rows of the table. */
  readonly pHolm: number | null;
  /** The test's name in words. */
  readonly test: string;
};
