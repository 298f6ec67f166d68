// A metric's tallies, one row a picture: what bootstrap and tests resample.

/** Sum and count of each picture's values, rows in the order of the pictures; a count of 0 = the picture doesn't count. */
export type Column = { readonly sum: Float64Array; readonly count: Float64Array };

/** Sum of all rows, added in their order. */
export function total(rows: Float64Array): number {
  let sum = 0;
  for (const value of rows) sum += value;
  return sum;
}

/** Σsum / Σcount; NaN without any count. */
export function ratioOf(column: Column): number {
  return total(column.sum) / total(column.count);
}

/** Number of pictures that count. */
export function contributing(column: Column): number {
  return column.count.reduce((pictures, count) => pictures + Number(count > 0), 0);
}

/** Whether every picture that counts has exactly one value. */
export function onePerPicture(column: Column): boolean {
  return column.count.every((count) => count <= 1);
}

/** The rows of the given indices, in that order. */
export function selected(column: Column, rows: Int32Array): Column {
  const pick = (values: Float64Array) => Float64Array.from(rows, (row) => values[row] as number);
  return { sum: pick(column.sum), count: pick(column.count) };
}

/** Row by row the sum of columns of the same pictures. */
export function pooled(columns: readonly Column[]): Column {
  const [first, ...rest] = columns as [Column, ...Column[]];
  const sum = first.sum.slice();
  const count = first.count.slice();
  for (const column of rest) {
    for (let row = 0; row < sum.length; row++) {
      sum[row] = (sum[row] as number) + (column.sum[row] as number);
      count[row] = (count[row] as number) + (column.count[row] as number);
    }
  }
  return { sum, count };
}

/** Tallies as they come in, one row a picture in the order of arrival; rows that get nothing stay 0. */
export type GrowingColumn = {
  readonly add: (row: number, sum: number, count: number) => void;
  /** The rows of the given indices, in that order; rows never reached are 0. */
  readonly rows: (order: Int32Array) => Column;
};

export function growingColumn(): GrowingColumn {
  let sums = new Float64Array(64);
  let counts = new Uint32Array(64);
  return {
    add: (row, sum, count) => {
      if (row >= sums.length) {
        const length = Math.max(row + 1, 2 * sums.length);
        const grownSums = new Float64Array(length);
        const grownCounts = new Uint32Array(length);
        grownSums.set(sums);
        grownCounts.set(counts);
        sums = grownSums;
        counts = grownCounts;
      }
      sums[row] = (sums[row] as number) + sum;
      counts[row] = (counts[row] as number) + count;
    },
    rows: (order) => ({
      sum: Float64Array.from(order, (row) => sums[row] ?? 0),
      count: Float64Array.from(order, (row) => counts[row] ?? 0),
    }),
  };
}
