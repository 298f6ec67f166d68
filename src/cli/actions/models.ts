// What `invariance models list` and `models inspect` do: which models there are, and what is known of one.
import { expected } from '../../core/errors.js';
import type { Model } from '../../core/model.js';
import { layersNamed } from '../../graph/audit/choose.js';
import { percent } from '../../metrics/words.js';
import { zooCards } from '../../models/card.js';
import { describeModel, descriptionLines } from '../../models/inspect.js';
import { modelStructure } from '../../models/structure.js';
import { openModels } from '../../run/open.js';
import { engineRequest, type EngineOptions } from '../engine-options.js';
import { layerTable, parseLayers } from '../layer-table.js';
import { aligned } from '../table.js';

export type ListOptions = { readonly json?: boolean };

export async function list({ json }: ListOptions): Promise<void> {
  const cards = await zooCards();
  if (json) {
    process.stdout.write(`${JSON.stringify(cards, null, 2)}\n`);
    return;
  }
  const rows = cards.map((card) => [
    card.name,
    percent(card.accuracy.value),
    String(card.subsamplingFactor),
    card.padding,
    `${card.partner === null ? '' : `against ${card.partner}: `}${card.changes}${card.honestNull ? ' (no effect found)' : ''}`,
  ]);
  const lines = aligned(
    [['name', 'accuracy', 'subsampling', 'padding', 'what it is'], ...rows],
    ['left', 'right', 'right', 'left', 'left'],
  );
  process.stdout.write(`${lines.join('\n')}\n`);
}

export type InspectOptions = EngineOptions & {
  readonly preprocess?: string;
  readonly json?: boolean;
  /** true: the layers that make the structure; text: "all", a glob, or a list. */
  readonly layers?: boolean | string;
  readonly scales?: number;
  readonly rotations?: number;
};

export async function inspect(where: string, options: InspectOptions): Promise<void> {
  const [model, ...more] = await openModels([{ where }], options.preprocess, engineRequest(options));
  if (model === undefined || more.length > 0)
    throw expected('models inspect', 'one model', where, 'Inspect them one by one.');
  if (options.layers !== undefined) {
    await inspectLayers(model, options);
    return;
  }
  const description = await describeModel(model);
  process.stdout.write(
    options.json ? `${JSON.stringify(description, null, 2)}\n` : `${descriptionLines(description).join('\n')}\n`,
  );
}

async function inspectLayers(model: Model, { layers, json, scales, rotations }: InspectOptions): Promise<void> {
  const { audit } = await modelStructure(model, {
    ...(scales === undefined ? {} : { scales }),
    ...(rotations === undefined ? {} : { rotations }),
  });
  const asked = typeof layers === 'string' ? layersNamed(audit, parseLayers(layers)) : null;
  const shown = json
    ? JSON.stringify({ model: model.name, ...audit, layers: asked ?? audit.layers }, null, 2)
    : layerTable(audit, asked).join('\n');
  process.stdout.write(`${shown}\n`);
}
