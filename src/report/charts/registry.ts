// Every chart. A new one is a file and a line here; the page draws each drawing where a section has a slot for its id.
import { allFacts, type Facts } from '../facts.js';
import { against } from './against.js';
import { attribution } from './attribution.js';
import { boxCrop } from './box-crop.js';
import type { Chart, Drawing, Figure } from './chart.js';
import { curve } from './curve.js';
import { depth } from './depth.js';
import { differences } from './differences.js';
import { estimates } from './estimates.js';
import { filmStrip } from './film.js';
import { flips } from './flips.js';
import { frames } from './frames.js';
import { heatmap } from './heatmap.js';
import { kernels } from './kernels.js';
import { local } from './local.js';
import { losses } from './losses.js';
import { positionMap } from './position-map.js';
import { rotate } from './rotate.js';
import { scale } from './scale.js';
import { shiftMaps } from './shift-maps.js';
import { smallestFlip } from './smallest-flip.js';
import { sparkline } from './sparkline.js';
import { sweep } from './sweep.js';
import { tradeoff } from './tradeoff.js';
import { tta } from './tta.js';

/** Charts of single probes: they draw the first part of a run and the further ones alike, none where the probe is another. */
export const probeCharts: readonly Chart[] = [smallestFlip, shiftMaps, rotate, kernels, frames, scale, boxCrop, tta];

/** All drawings of a run. */
export function drawingsOf(facts: Facts): Drawing[] {
  const own = charts.flatMap((chart) => chart.drawings(facts));
  return [...own, ...allFacts(facts).flatMap((part) => probeCharts.flatMap((chart) => chart.drawings(part)))];
}

/** All figures of a run. */
export function figuresOf(facts: Facts): Figure[] {
  const own = charts.flatMap((chart) => chart.figures(facts));
  return [...own, ...allFacts(facts).flatMap((part) => probeCharts.flatMap((chart) => chart.figures(part)))];
}

/** Charts of every run. */
export const charts: readonly Chart[] = [
  estimates,
  sweep,
  curve,
  heatmap,
  positionMap,
  differences,
  tradeoff,
  against,
  attribution,
  flips,
  depth,
  losses,
  filmStrip,
  local,
  sparkline,
];
