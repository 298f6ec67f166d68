// What the variants are: their cards, and the sizes of their files.
import { statSync } from 'node:fs';
import path from 'node:path';
import { cell, commands, paragraph, table } from './markdown.mjs';

export function variantsSection(cards) {
  const kilobytes = ({ path: folder }) => statSync(path.join(folder, 'model.onnx')).size / 1000;
  const rows = cards.map((card) => [
    `[${card.name}](../zoo/models/${card.name})`,
    card.partner ?? '',
    card.changes,
    card.padding,
    card.depth,
    card.subsamplingFactor,
    card.parameters.toLocaleString('en-US'),
    kilobytes(card).toFixed(0),
    cell(card.accuracy),
  ]);
  const megabytes = cards.reduce((sum, card) => sum + kilobytes(card), 0) / 1000;
  const words = ['variant', 'partner', 'what differs', 'padding'];
  return `## What the variants are

${commands('npx invariance models list --json')}

${table([...words, 'depth', 'subsampling', 'parameters', 'kB', 'accuracy, percent'], rows, words.length)}

${paragraph(
  'Depth is layers with weights, subsampling the product of the strides, kB the size of `model.onnx`;',
  `all graphs together have ${megabytes.toFixed(1)} MB. Accuracy is the card's: on`,
  `${cards[0].accuracy.pictures.toLocaleString('en-US')} held-out pictures of the variant's own recipe (texture-biased and background-biased`,
  "keep their shortcut there), Wilson's interval, measured by `zoo/measure.py`. On the fixtures, which are the same for",
  'all, it is in the next section.',
)}`;
}
