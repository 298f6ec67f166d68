// Results for tests of words and thresholds: only what they read is told, the rest is plausible.
import type { Comparison, Estimate } from '../../src/core/estimate.js';
import type { Estimates, ModelResult, Result } from '../../src/core/result.js';

export function estimateOf(value: number, low: number, high: number, n = 1600, pictures = 200): Estimate {
  return { value, low, high, n, pictures, unit: 'fraction', method: 'bootstrap over pictures' };
}

export function modelResult(name: string, estimates: Estimates, invalidViews = 0): ModelResult {
  return {
    name,
    sha256: 'ab'.repeat(32),
    input: [3, 224, 224],
    preprocessing: {
      source: 'none',
      resize: null,
      crop: null,
      scale: 1,
      offset: 0,
      mean: [0, 0, 0],
      std: [1, 1, 1],
      channels: 'rgb',
    },
    runtime: 'onnx',
    pictures: { measured: 200, labelled: 200, invalidViews },
    estimates,
    series: [],
    views: [],
    invalid: [],
  };
}

export function compared(a: string, b: string, difference: Comparison['difference'], pHolm: number | null): Comparison {
  return { metric: 'top1Change', a, b, difference, p: pHolm, pHolm, test: 'a test' };
}

export function resultOf(models: readonly ModelResult[], rest: Partial<Result> = {}): Result {
  return {
    schema: 'invariance/result@1',
    protocol: {
      schema: 'invariance/protocol@1',
      name: 'custom',
      probe: { name: 'shift', options: { path: 'diagonal' } },
      repeat: 1,
      seed: 0,
      preprocess: 'model',
      definitions: 1,
      hash: 'cd'.repeat(32),
    },
    pictures: { count: 200, labelled: 200, sha256: 'ef'.repeat(32), skipped: [] },
    models,
    comparisons: [],
    thresholds: [],
    ...rest,
  };
}
