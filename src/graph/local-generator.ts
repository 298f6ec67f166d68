// The generator of band-limited cyclic translations: spectral differentiation of a feature map (Trefethen, "Spectral
// Methods in MATLAB", 2000, chapter 3; Gruver et al., "The Lie Derivative for Measuring Learned Equivariance", 2023).
import type { RowsColumns } from '../core/layers.js';
import type { GraphWriter } from './local-writer.js';

/** Where the elements of a tensor of one picture lie. */
export type Grid = {
  readonly layout: 'NCHW' | 'NHWC' | 'tokens';
  /** Sides with a batch of 1. */
  readonly shape: readonly number[];
  /** The token axis; of rows and columns, the rows. */
  readonly axis: number;
  readonly rows: number;
  readonly columns: number;
  /** Class tokens before and after those of places. */
  readonly before: number;
  readonly after: number;
  /** Pixels of the picture from one place to the next. */
  readonly factor: RowsColumns;
};

/**
 * The matrix `[n, n]` that differentiates a periodic signal of `n` samples, a sample apart: of the trigonometric
 * polynomial through the samples, with the Nyquist term of an even `n` set to 0. It is circulant and antisymmetric.
 */
export function spectralDerivative(n: number): Float64Array {
  const row = Float64Array.from({ length: n }, (_, k) => {
    if (k === 0) return 0;
    const angle = (Math.PI * k) / n;
    const sign = k % 2 === 0 ? 1 : -1;
    return ((sign * Math.PI) / n) * (n % 2 === 0 ? 1 / Math.tan(angle) : 1 / Math.sin(angle));
  });
  return Float64Array.from({ length: n * n }, (_, i) => {
    const [j, l] = [Math.floor(i / n), i % n];
    return j >= l ? (row[j - l] ?? 0) : -(row[l - j] ?? 0);
  });
}

/** Names of the scalars that say how far a translation goes along rows and columns. */
export type Blend = { readonly y: string; readonly x: string };

/** The matrix in float32, per pixel of the picture; for multiplication from the right it is the other way round. */
function perPixel(write: GraphWriter, length: number, factor: number, side: 'left' | 'right'): string {
  const sign = side === 'left' ? factor : -factor;
  return write.floats(`derivative ${length} ${factor} ${side}`, [length, length], () =>
    Float32Array.from(spectralDerivative(length), (entry) => entry / sign),
  );
}

function product(sides: readonly number[]): number {
  return sides.reduce((all, side) => all * side, 1);
}

/** Adds the derivative of a tensor `[lead, rows, columns, inner]`, whatever its own sides, along one direction. */
function along(write: GraphWriter, tensor: string, grid: Grid, inner: number, direction: 'y' | 'x'): string {
  const { shape, rows, columns, factor } = grid;
  const output = `${tensor}/d${direction}`;
  const lead = product(shape) / (rows * columns * inner);
  const [length, outer] = direction === 'y' ? [rows, lead] : [columns, lead * rows];
  const rest = direction === 'y' ? columns * inner : inner;
  const view = write.op(
    'Reshape',
    [tensor, write.wholes(rest === 1 ? [outer, length] : [outer, length, rest])],
    `${output}/view`,
  );
  const matrix = perPixel(write, length, factor[direction], rest === 1 ? 'right' : 'left');
  const slope = write.op('MatMul', rest === 1 ? [view, matrix] : [matrix, view], `${output}/slope`);
  return write.op('Reshape', [slope, write.wholes(shape)], output);
}

/** Adds what takes class tokens off, and what puts zeros in their place. */
function withoutClassTokens(
  write: GraphWriter,
  tensor: string,
  grid: Grid,
): { readonly places: string; readonly grid: Grid; readonly filled: (result: string) => string } {
  const { before, after, axis, shape, rows, columns } = grid;
  if (before + after === 0) return { places: tensor, grid, filled: (result) => result };
  const sides = (length: number): number[] => shape.map((side, i) => (i === axis ? length : side));
  const zeros = (length: number): string[] =>
    length === 0
      ? []
      : [
          write.floats(
            `zeros ${sides(length).join(',')}`,
            sides(length),
            () => new Float32Array(product(sides(length))),
          ),
        ];
  const indices = Array.from({ length: rows * columns }, (_, i) => before + i);
  return {
    places: write.op('Gather', [tensor, write.wholes(indices)], `${tensor}/places`, { axis: BigInt(axis) }),
    grid: { ...grid, shape: sides(rows * columns), before: 0, after: 0 },
    filled: (result) =>
      write.op('Concat', [...zeros(before), result, ...zeros(after)], `${result}/filled`, { axis: BigInt(axis) }),
  };
}

/**
 * Adds the generator of translation applied to a tensor: its change per pixel of the picture's translation along
 * `y` times rows plus `x` times columns.
 *
 * @param blend names of the scalars that say how far along rows and columns
 * @returns the name of the result
 */
export function generator(write: GraphWriter, tensor: string, grid: Grid, blend: Blend): string {
  const { places, grid: bare, filled } = withoutClassTokens(write, tensor, grid);
  const last = grid.layout === 'tokens' ? grid.axis : grid.axis + 1;
  const inner = product(grid.shape.slice(last + 1));
  const parts = (['y', 'x'] as const).map((direction) =>
    write.op('Mul', [along(write, places, bare, inner, direction), blend[direction]], `${tensor}/moved-${direction}`),
  );
  return filled(write.op('Add', parts, `${tensor}/moved`));
}
