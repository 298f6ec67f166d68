// The parts of the section on layers that belong to one model: the built page writes those of the first model, its
// script those of the model under study. Keys are the ids of the elements that hold them.
import { isEstimate } from '../core/estimate.js';
import type { LayersResult } from '../core/layers.js';
import { counted, percent, ratioText } from './format.js';
import { markup, type Html } from './html.js';
import { layersTable, localTable, lossesTable, skippedTable } from './layer-tables.js';
import { courseSentence, findingSentences, localSentence } from './layer-words.js';

export type LayerParts = Readonly<
  Record<
    'layers-finding' | 'layers-notes' | 'layers-table' | 'layers-losses' | 'layers-local' | 'layers-local-table',
    Html
  >
>;

/** @param result null where nothing inside the model was looked at */
export function layerParts(model: string, result: LayersResult | null): LayerParts {
  if (result === null) {
    return {
      'layers-finding': markup`Nothing inside ${model} was looked at.`,
      'layers-notes': markup``,
      'layers-losses': markup``,
      'layers-local': markup``,
      'layers-local-table': markup``,
      'layers-table': markup``,
    };
  }
  const findings = findingSentences(result);
  return {
    'layers-finding': markup`${findings.slice(0, -1).map((finding) => `${finding} `)}<b>${findings.at(-1) ?? ''}</b> ${courseSentence(result)}`,
    'layers-notes': markup`${notes(result)}`,
    'layers-losses': markup`${lossesTable(model, result)}`,
    'layers-local': markup`${localWords(result)}`,
    'layers-table': markup`${layersTable(model, result)}${skippedTable(model, result)}`,
    'layers-local-table': markup`${localDetails(model, result)}`,
  };
}

/** What must be said of the curve of this model. */
function notes({ layers, skipped }: LayersResult): string {
  const signed = layers.filter(({ selected, negative }) => selected && negative === true).length;
  const quiet = layers.filter((layer) => layer.quiet > 0).length;
  const sentences = [
    signed > 0
      ? 'Hollow dots on a dashed line: maps with negative values. Their sums can nearly cancel, so they leave a mean close to zero sooner: compare filled with filled.'
      : '',
    quiet > 0 ? 'Maps that stay quiet on a picture don’t count for it; the table says how many.' : '',
    skipped.length > 0 ? `${counted(skipped.length, 'layer')} could not be looked at; the table says why.` : '',
  ];
  return sentences.filter((sentence) => sentence !== '').join(' ');
}

function localWords({ local }: LayersResult): Html {
  if ('unavailable' in local) return markup`Not measured: ${local.unavailable}.`;
  const total = isEstimate(local.total)
    ? ` In all it is ${ratioText(local.total)} squared outputs a squared pixel over ${counted(local.pictures, 'picture')}.`
    : ` Its total is not known: ${local.total.unavailable}.`;
  return markup`${localSentence(local)}${total} Shares are of the sum over steps and causes, which is larger: errors of
    neighbouring steps partly cancel. Added up as they are, the parts miss the whole by ${percent(local.unexplained)} of its
    length.`;
}

function localDetails(model: string, { local }: LayersResult): Html | null {
  return 'unavailable' in local ? null : localTable(model, local);
}
