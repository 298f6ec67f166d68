// Every chart. A new one is a file and a line here; the page draws each drawing where a section has a slot for its id.
import type { Chart } from './chart.js';
import { curve } from './curve.js';
import { depth } from './depth.js';
import { differences } from './differences.js';
import { estimates } from './estimates.js';
import { filmStrip } from './film.js';
import { heatmap } from './heatmap.js';
import { local } from './local.js';
import { losses } from './losses.js';
import { positionMap } from './position-map.js';
import { sparkline } from './sparkline.js';
import { sweep } from './sweep.js';
import { tradeoff } from './tradeoff.js';

export const charts: readonly Chart[] = [
  estimates,
  sweep,
  curve,
  heatmap,
  positionMap,
  differences,
  tradeoff,
  depth,
  losses,
  filmStrip,
  local,
  sparkline,
];
