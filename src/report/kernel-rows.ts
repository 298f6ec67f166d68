// What the kernels section and its charts draw of the results: rows a kernel and model, cells of the matrix, words.
import { isEstimate } from '../core/estimate.js';
import type { KernelsResult } from '../core/kernels.js';
import type { ModelResult } from '../core/result.js';
import type { Facts } from './facts.js';

/** A model that was measured with several kernels. */
export type KernelModel = ModelResult & { readonly kernels: KernelsResult };

/** The models with results of the probe; none where the run is of another. */
export function kernelModels({ input, models }: Facts): KernelModel[] {
  if (input.result.protocol.probe.name !== 'kernels') return [];
  return models.filter((model): model is KernelModel => model.kernels !== undefined);
}

/** One kernel and model: how often the answer is another than the own kernel's. */
export type KernelRow = {
  readonly model: string;
  readonly kernel: string;
  readonly value: number;
  readonly low: number;
  readonly high: number;
  readonly subject: boolean;
};

export function kernelRows(models: readonly KernelModel[]): KernelRow[] {
  return models.flatMap(({ name, series }, i) =>
    series.flatMap(({ at, estimates: { top1Change } }) => {
      if (!isEstimate(top1Change)) return [];
      const { value, low, high } = top1Change;
      return [{ model: name, kernel: String(at['kernel']), value, low, high, subject: i === 0 }];
    }),
  );
}

/** Cells of a model's matrix, those of a kernel with itself left out. */
export function matrixCells({ kernels, disagreement }: KernelsResult) {
  return disagreement.flatMap((row, i) =>
    row.flatMap((share, j) =>
      share === null || i === j
        ? []
        : [{ a: kernels[i] ?? '', b: kernels[j] ?? '', share, text: (100 * share).toFixed(0) }],
    ),
  );
}

/** The two kernels that disagree most; null where none do. */
export function farthestKernels(result: KernelsResult): { a: string; b: string; share: number } | null {
  const [most] = matrixCells(result).sort((x, y) => y.share - x.share);
  return most && most.share > 0 ? most : null;
}
