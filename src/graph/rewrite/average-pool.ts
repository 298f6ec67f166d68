// Averages in place of strides: the layer at stride 1, its activation, then the mean of each s × s places.
import { withoutStride } from './emit.js';
import type { Resampling } from './resample.js';

export const averagePooled: Resampling = {
  behindActivation: true,
  form: (window) => withoutStride(window, 1),
  subsample: (write, { tensor, stride }, output) => {
    const square = [BigInt(stride.y), BigInt(stride.x)];
    write.op('AveragePool', [tensor], output, { kernel_shape: square, strides: square });
  },
};
