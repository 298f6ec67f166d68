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

/** The same in float32, per pixel of the picture. */
function perPixel(n: number, factor: number): Float32Array {
  return Float32Array.from(spectralDerivative(n), (entry) => entry / factor);
}

/** The matrix over tokens, along rows or columns; class tokens have rows and columns of zeros. */
function overTokens({ rows, columns, before, after, factor }: Grid, direction: 'y' | 'x'): Float32Array {
  const size = before + rows * columns + after;
  const along = direction === 'y' ? rows : columns;
  const matrix = perPixel(along, factor[direction]);
  const result = new Float32Array(size * size);
  for (let from = 0; from < rows * columns; from++) {
    const [row, column] = [Math.floor(from / columns), from % columns];
    for (let k = 0; k < along; k++) {
      const to = direction === 'y' ? k * columns + column : row * columns + k;
      result[(before + from) * size + before + to] = matrix[(direction === 'y' ? row : column) * along + k] ?? 0;
    }
  }
  return result;
}

function transposed(matrix: Float32Array, size: number): Float32Array {
  return matrix.map((_, i) => matrix[(i % size) * size + Math.floor(i / size)] ?? 0);
}

/** Names of the scalars that say how far a translation goes along rows and columns. */
export type Blend = { readonly y: string; readonly x: string };

/** Adds the derivative of `tensor` along one direction; gives its name. */
function along(write: GraphWriter, tensor: string, grid: Grid, direction: 'y' | 'x'): string {
  const output = `${tensor}/d${direction}`;
  const { layout, shape, axis, rows, columns, factor } = grid;
  if (layout === 'tokens') {
    const size = shape[axis] ?? 1;
    const left = axis === shape.length - 2;
    const named = `tokens ${rows}×${columns} ${grid.before}+${grid.after} ${factor[direction]} ${direction}`;
    const make = (): Float32Array => overTokens(grid, direction);
    return left
      ? write.op('MatMul', [write.floats(named, [size, size], make), tensor], output)
      : write.op(
          'MatMul',
          [tensor, write.floats(`${named} right`, [size, size], () => transposed(make(), size))],
          output,
        );
  }
  const length = direction === 'y' ? rows : columns;
  const named = `derivative ${length} ${factor[direction]}`;
  const matrix = (): string => write.floats(named, [length, length], () => perPixel(length, factor[direction]));
  if (layout === 'NCHW' && direction === 'x') {
    const right = write.floats(`${named} right`, [length, length], () =>
      transposed(perPixel(length, factor.x), length),
    );
    return write.op('MatMul', [tensor, right], output);
  }
  if (layout === 'NCHW' || direction === 'x') return write.op('MatMul', [matrix(), tensor], output);
  const flat = write.op('Reshape', [tensor, write.wholes([1, rows, columns * (shape[3] ?? 1)])], `${output}/flat`);
  return write.op('Reshape', [write.op('MatMul', [matrix(), flat], `${output}/rows`), write.wholes(shape)], output);
}

/**
 * Adds the generator of translation applied to a tensor: its change per pixel of the picture's translation along
 * `y` times rows plus `x` times columns.
 *
 * @param blend names of the scalars that say how far along rows and columns
 * @returns the name of the result
 */
export function generator(write: GraphWriter, tensor: string, grid: Grid, blend: Blend): string {
  const parts = (['y', 'x'] as const).map((direction) =>
    write.op('Mul', [along(write, tensor, grid, direction), blend[direction]], `${tensor}/moved-${direction}`),
  );
  return write.op('Add', parts, `${tensor}/moved`);
}
