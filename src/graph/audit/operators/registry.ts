// All rules by operator. Operators of other domains have names of their own (FusedConv, QLinearAdd), so that one list
// does for ONNX's own and onnxruntime's.
import type { Rule } from '../facts.js';
import { convolutions } from './convolution.js';
import { cutting } from './cutting.js';
import { elementwise } from './elementwise.js';
import { matrices } from './matrix.js';
import { reducing } from './reducing.js';
import { shaping } from './shaping.js';

export const rules: Readonly<Record<string, Rule>> = {
  ...convolutions,
  ...cutting,
  ...elementwise,
  ...matrices,
  ...reducing,
  ...shaping,
};
