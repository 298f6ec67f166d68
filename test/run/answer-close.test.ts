// Closing what answers: every engine is closed, whatever one of them says of itself.
import { expect, it, vi } from 'vitest';
import { openAnswerer } from '../../src/run/answer.js';
import type { Inside } from '../../src/run/inside.js';
import type { Model } from '../../src/core/model.js';

vi.mock('../../src/runtimes/registry.js', () => ({
  layersOf: () =>
    Promise.resolve({ trace: () => Promise.resolve({ close: () => Promise.reject(new Error('tensors are left')) }) }),
}));

it('what looks inside is closed where the engine fails to close', async () => {
  const close = vi.fn(() => Promise.resolve());
  const inside = { names: [], close } as unknown as Inside;
  const model = {
    format: 'onnx',
    input: { width: 4, height: 4, layout: 'NCHW', type: 'float32', batch: null },
  } as unknown as Model;
  const stages = { decode: 0, views: 0, prepare: 0, infer: 0, answer: 0, inside: 0 };
  const answerer = await openAnswerer(model, inside, 1, stages);
  await expect(answerer.close()).rejects.toThrow('tensors are left');
  expect(close).toHaveBeenCalledTimes(1);
});
