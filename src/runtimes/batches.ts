// Models whose batch size is fixed: any number of views in calls of exactly that many, the last one filled with zeros.
import type { InputSpec } from '../core/model.js';
import { elementsPerView } from './classifier.js';
import type { Elements } from './classifier.js';

/** Runs `count` views: by wanted output its values as float32, `[count, each]`. */
export type Runner = (input: Elements, count: number) => Promise<Float32Array[]>;

/**
 * @param call runs exactly as many views as the model's batch holds
 */
export function inFixedBatches(spec: InputSpec, batch: number, call: Runner): Runner {
  const size = elementsPerView(spec);
  let padded: Elements | null = null;
  return async (input, count) => {
    const results: Float32Array[] = [];
    for (let from = 0; from < count; from += batch) {
      const views = input.subarray(from * size, Math.min(count, from + batch) * size);
      let full: Elements = views;
      if (views.length < batch * size) {
        padded ??= new (input.constructor as new (length: number) => Elements)(batch * size);
        padded.fill(0);
        padded.set(views);
        full = padded;
      }
      const raw = await call(full, batch);
      for (const [i, values] of raw.entries()) {
        const length = values.length / batch;
        results[i] ??= new Float32Array(count * length);
        results[i].set(values.subarray(0, Math.min(batch, count - from) * length), from * length);
      }
    }
    return results;
  };
}
