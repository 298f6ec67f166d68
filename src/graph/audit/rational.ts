// Exact fractions: subsampling factors are whole numbers, and fractions behind an upsampling.

/** over / under in lowest terms; `under` is positive. */
export type Rational = { readonly over: number; readonly under: number };

function commonDivisor(a: number, b: number): number {
  let [x, y] = [Math.abs(a), Math.abs(b)];
  while (y > 0) [x, y] = [y, x % y];
  return x;
}

/** @param over a whole number; @param under a whole number from 1 on */
export function rational(over: number, under = 1): Rational {
  const common = commonDivisor(over, under) || 1;
  return { over: over / common, under: under / common };
}

export const ONE = rational(1);

export function times(a: Rational, b: Rational): Rational {
  return rational(a.over * b.over, a.under * b.under);
}

export function dividedBy(a: Rational, b: Rational): Rational {
  return rational(a.over * b.under, a.under * b.over);
}

export function toNumber({ over, under }: Rational): number {
  return over / under;
}
