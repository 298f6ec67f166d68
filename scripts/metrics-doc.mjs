// Writes docs/metrics.md from the registry of metrics, so that the definitions stand in one place.
//   npm run build && node scripts/metrics-doc.mjs
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { layerMetrics, metrics } from 'invariance';

const file = path.join(path.dirname(path.dirname(fileURLToPath(import.meta.url))), 'docs', 'metrics.md');
writeFileSync(file, metricsDocument());

function entries(list) {
  return list
    .map(
      ({ name, title, definition, unit, n, needsLabels, lowerIsBetter, source }) =>
        `### ${title}\n\n\`${name}\` · ${unit} over ${n}${needsLabels ? ' · needs labels' : ''} · ${lowerIsBetter ? 'lower' : 'higher'} is better\n\n${definition}\n\n*${source}*\n`,
    )
    .join('\n');
}

function metricsDocument() {
  return `# Metrics

Pairs (a, b) are neighbouring views of one picture, in the order of the path. Every metric is a ratio of sums over pictures;
its 95 % interval resamples whole pictures (2,000 resamples), or is Wilson's where a picture gives one yes or no. This page is
written by \`node scripts/metrics-doc.mjs\` from \`src/metrics\`.

${entries(metrics)}
## Of layers

What \`--layers\` measures at every layer ([layers](layers.md)).

${entries(layerMetrics)}`;
}
