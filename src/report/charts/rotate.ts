// Accuracy and probability of the true class against the angle, and along each sequence of small changes.
import type { Facts } from '../facts.js';
import { measuresOf, meanRows, type Measure } from '../transformation-words.js';
import { optionsOf } from '../words.js';
import type { Chart } from './chart.js';
import { linearDrawing, linearFigure, roundTicks, type LinearLines } from './linear-lines.js';

/** A panel of the page: the id of its drawing, and what it shows. */
export type CurvePanel = { readonly id: string; readonly title: string; readonly lines: LinearLines };

/** Panels of a run of the rotate probe; none of other runs. */
export function rotatePanels(facts: Facts): readonly CurvePanel[] {
  if (facts.input.result.protocol.probe.name !== 'rotate') return [];
  return measuresOf(facts).flatMap(({ measure, title }) =>
    panel(facts, {
      id: `rotate-${measure}`,
      title,
      key: 'angle',
      unit: '°',
      axis: 'degrees, counter-clockwise',
      measure,
    }),
  );
}

/** What a sequence varies, on its axis. */
const AXES: Readonly<Record<string, { readonly unit: string; readonly axis: string }>> = {
  dx: { unit: ' px', axis: 'pixels to the right' },
  dy: { unit: ' px', axis: 'pixels down' },
  angle: { unit: '°', axis: 'degrees, counter-clockwise' },
  scale: { unit: '', axis: 'scale' },
};

/** Panels of a run of the sequences probe, one a sequence; none of other runs. */
export function sequencePanels(facts: Facts): readonly CurvePanel[] {
  const { protocol } = facts.input.result;
  if (protocol.probe.name !== 'sequences') return [];
  const { sequences } = optionsOf(protocol);
  const [first] = measuresOf(facts);
  if (!Array.isArray(sequences) || first === undefined) return [];
  return (sequences as readonly { readonly name: string; readonly vary: string }[]).flatMap(({ name, vary }) => {
    const { unit = '', axis = vary } = AXES[vary] ?? {};
    const id = `sequences-${name.replace(/[^\w-]/g, '-')}`;
    const title = `${first.title}, ${name}`;
    return panel(facts, { id, title, key: vary, unit, axis, measure: first.measure, sequence: name });
  });
}

type Asked = {
  readonly id: string;
  readonly title: string;
  readonly key: string;
  readonly unit: string;
  readonly axis: string;
  readonly measure: Measure;
  readonly sequence?: string;
};

function panel(facts: Facts, { id, title, key, unit, axis, measure, sequence }: Asked): CurvePanel[] {
  const rows = facts.models.flatMap((model) =>
    meanRows(model, key, unit, measure, ({ at }) => sequence === undefined || at['sequence'] === sequence),
  );
  if (rows.length === 0) return [];
  const places = rows.map(({ at }) => at);
  const [from, to] = [Math.min(...places), Math.max(...places)];
  const subtitle = measure === 'trueProbability' ? 'Means over pictures' : 'Share of pictures, with 95\u202f% bands';
  const lines: LinearLines = {
    id,
    title: `${title} against ${axis}`,
    subtitle,
    rows,
    axis: { from, to, ticks: roundTicks(from, to), title: axis },
    steps: false,
    subject: facts.names[0] ?? '',
  };
  return [{ id, title, lines }];
}

function panelsOf(facts: Facts): readonly CurvePanel[] {
  return [...rotatePanels(facts), ...sequencePanels(facts)];
}

export const rotate: Chart = {
  name: 'rotate',
  drawings: (facts) => panelsOf(facts).flatMap(({ lines }) => linearDrawing(lines) ?? []),
  figures: (facts) => panelsOf(facts).flatMap(({ lines }) => linearFigure(lines) ?? []),
};
