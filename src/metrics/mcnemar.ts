// Exact McNemar test for paired yes/no answers: Q. McNemar, Psychometrika 12 (1947), with the binomial distribution.

/**
 * Two-sided p that two models err alike, given the pictures on which they differ.
 *
 * @param onlyA pictures for which only model a's answer is 1
 * @param onlyB pictures for which only model b's answer is 1
 * @returns min(1, 2 P(X ≤ min(onlyA, onlyB))), X binomial with n = onlyA + onlyB trials and probability 1/2
 */
export function mcnemarExact(onlyA: number, onlyB: number): number {
  const n = onlyA + onlyB;
  const least = Math.min(onlyA, onlyB);
  let logTerm = -n * Math.LN2;
  let p = Math.exp(logTerm);
  for (let i = 0; i < least; i++) {
    logTerm += Math.log((n - i) / (i + 1));
    p += Math.exp(logTerm);
  }
  return Math.min(1, 2 * p);
}
