// All operators of TensorFlow graphs that are translated, by name.
import type { Translation } from '../operation.js';
import { numbers } from './numbers.js';
import { shapes } from './shapes.js';
import { windows } from './windows.js';

export const translations: Readonly<Record<string, Translation>> = { ...numbers, ...shapes, ...windows };
