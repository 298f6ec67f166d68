// Holm's step-down adjustment of p-values: S. Holm, Scandinavian Journal of Statistics 6 (1979), 65–70.

/**
 * Adjusted p-values in the order given: of the m tests that took place, the k-th smallest p times m − k + 1, at least
 * as large as the one before, at most 1.
 *
 * @param ps null where nothing was tested; such rows stay null and don't count
 */
export function holmAdjusted(ps: readonly (number | null)[]): (number | null)[] {
  const tested = ps.flatMap((p, row) => (p === null ? [] : [{ p, row }])).sort((a, b) => a.p - b.p);
  const adjusted: (number | null)[] = ps.map(() => null);
  let largest = 0;
  tested.forEach(({ p, row }, rank) => {
    largest = Math.max(largest, Math.min(1, p * (tested.length - rank)));
    adjusted[row] = largest;
  });
  return adjusted;
}
