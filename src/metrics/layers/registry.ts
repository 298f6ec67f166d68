// Every metric of layers, in the order of tables. A new one is one entry here.
import type { LayerMetric } from './layer-metric.js';
import { once } from './layer-metric.js';

const AZULAY_WEISS = 'Azulay & Weiss, JMLR 20(184), 2019, section 3';

export const layerMetrics: readonly LayerMetric[] = [
  {
    name: 'nonShiftability',
    title: 'Non-shiftable maps',
    unit: 'fraction',
    n: 'maps',
    lowerIsBetter: true,
    definition:
      'Fraction of feature maps whose global sum leaves its mean over the views by more than the threshold (20 % of the mean); quiet maps, whose mean is below 1e-6 of the largest of the layer, are left out.',
    source: AZULAY_WEISS,
    none: 'all maps are quiet',
    tally: ({ sums }) => {
      const maps = sums.reduce((all, each) => all + each.maps, 0);
      return maps === 0 ? null : { sum: sums.reduce((all, each) => all + each.changed, 0), count: maps };
    },
  },
  {
    name: 'relativeSpread',
    title: 'Spread of global sums',
    unit: 'ratio',
    n: 'pictures',
    lowerIsBetter: true,
    definition:
      'Root mean square distance of the vector of global sums from its mean over the views, divided by the length of that mean: how far what a global average pool hands on moves about.',
    source: 'this project; unlike a share of maps it does not depend on a threshold, nor on quiet maps',
    none: 'all sums are 0',
    tally: ({ sums }) => {
      const found = sums.flatMap(({ spread }) => (spread === null ? [] : [spread]));
      return found.length === 0 ? null : { sum: found.reduce((all, each) => all + each, 0), count: found.length };
    },
  },
  {
    name: 'equivarianceErrorPixel',
    title: 'Equivariance error, 1 px',
    unit: 'ratio',
    n: 'pictures',
    lowerIsBetter: true,
    definition:
      '‖f(shift x) − shift f(x)‖ / ‖f(x)‖ for a cyclic shift of the reference view by one pixel along both sides; the maps are shifted by 1/factor places, band-limited.',
    source: 'Michaeli, Michaeli & Soudry, CVPR 2023; Chaman & Dokmanić, CVPR 2021',
    none: 'no whole maps were looked at',
    tally: ({ equivariance }) => once(equivariance?.pixel),
  },
  {
    name: 'equivarianceErrorFactor',
    title: 'Equivariance error, one step of the factor',
    unit: 'ratio',
    n: 'pictures',
    lowerIsBetter: true,
    definition:
      'The same for a shift by as many pixels as the cumulative factor, where the maps move by exactly one place: what remains is the padding’s.',
    source: 'Zhang, ICML 2019; Chaman & Dokmanić, CVPR 2021',
    none: 'no whole maps were looked at, or the factor is no whole number',
    tally: ({ equivariance }) => once(equivariance?.factor),
  },
  {
    name: 'periodicMaps',
    title: 'Maps periodic with the factor',
    unit: 'fraction',
    n: 'maps',
    lowerIsBetter: false,
    definition:
      'Fraction of feature maps whose global sums agree (to 1e-4 of the largest) at all views that lie a whole multiple of the cumulative factor apart along both sides.',
    source: AZULAY_WEISS,
    none: 'no two views lie a multiple of the factor apart',
    tally: ({ sums }) => {
      const found = sums.flatMap(({ periodic }) => (periodic === null || periodic.of === 0 ? [] : [periodic]));
      if (found.length === 0) return null;
      return { sum: found.reduce((all, { maps }) => all + maps, 0), count: found.reduce((all, { of }) => all + of, 0) };
    },
  },
];
