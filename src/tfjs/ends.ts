// Names of a layers model's inputs and outputs: the layer's, as Keras calls them.
import type { TensorReference } from './model.js';

/** "predictions"; "predictions:1" for another output than the layer's first. */
export function endNames(ends: readonly TensorReference[]): string[] {
  return ends.map(({ layer, output }) => (output === 0 ? layer : `${layer}:${output}`));
}
