// Cells of the unit square and of (0, 1]: the fine lattice that positions are counted on, the coarser grid that is
// tested, and the order in which cells are joined.

/** Bins of extents that are counted, and those that are tested. */
export const EXTENT_BINS = 20;
const TESTED_EXTENT_BINS = 10;

/** Cells a side of the finest grid that can be tested. */
export const MOST_GRID = 10;

/** Side of the lattice: at least 15, a multiple of the grid's, so that its cells are whole, and of 3, for the middle ninth. */
export function latticeFor(grid: number): number {
  const whole = grid % 3 === 0 ? grid : 3 * grid;
  return whole * Math.ceil(15 / whole);
}

/** Place of a coordinate 0…1 among `cells` equal cells; the upper bound belongs to the last. */
export function cellOf(coordinate: number, cells: number): number {
  return Math.min(cells - 1, Math.floor(coordinate * cells));
}

/** Bin of an extent in (0, 1]; each bin has its upper bound. */
export function extentBin(extent: number): number {
  return Math.min(EXTENT_BINS - 1, Math.max(0, Math.ceil(extent * EXTENT_BINS) - 1));
}

/** Counts of the lattice's cells summed up to a grid's. */
export function gridCounts(counts: ArrayLike<number>, lattice: number, grid: number): number[] {
  const sums = new Array<number>(grid * grid).fill(0);
  const size = lattice / grid;
  for (let place = 0; place < lattice * lattice; place++) {
    const row = Math.floor(Math.floor(place / lattice) / size);
    const cell = row * grid + Math.floor((place % lattice) / size);
    sums[cell] = (sums[cell] as number) + (counts[place] as number);
  }
  return sums;
}

/** Counts of the fine bins summed up to those that are tested. */
export function testedExtents(counts: ArrayLike<number>): number[] {
  const size = EXTENT_BINS / TESTED_EXTENT_BINS;
  return Array.from({ length: TESTED_EXTENT_BINS }, (_, bin) =>
    Array.from({ length: size }, (_, i) => counts[bin * size + i] as number).reduce((sum, count) => sum + count, 0),
  );
}

/** 0, 1, 2, …: bins in their order. */
export function lineOrder(bins: number): number[] {
  return Array.from({ length: bins }, (_, bin) => bin);
}

/**
 * A grid's cells ring by ring from the middle outwards, round each ring: joined cells are neighbours, and the middle
 * stays apart from the rim, which is where a bias of photographers shows.
 */
export function spiralOrder(grid: number): number[] {
  const middle = (grid - 1) / 2;
  return lineOrder(grid * grid)
    .map((cell) => {
      const [right, down] = [(cell % grid) - middle, Math.floor(cell / grid) - middle];
      return { cell, ring: Math.max(Math.abs(right), Math.abs(down)), angle: Math.atan2(down, right) };
    })
    .sort((a, b) => a.ring - b.ring || a.angle - b.angle)
    .map(({ cell }) => cell);
}
