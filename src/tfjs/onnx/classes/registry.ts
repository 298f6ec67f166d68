// All Keras layers that are translated, by class.
import type { LayerTranslation } from '../layer.js';
import { numbers } from './numbers.js';
import { windows } from './windows.js';

export const classes: Readonly<Record<string, LayerTranslation>> = { ...numbers, ...windows };
