// The page's charts as files: SVG, and PNG at twice the size, in the light scheme on its paper.
import * as vega from 'vega';
import { RunError } from '../core/errors.js';
import type { Figure, Spec } from './charts/chart.js';
import { charts } from './charts/registry.js';
import { compiled } from './compile.js';
import { factsOf } from './facts.js';
import type { PageInput } from './input.js';
import { withColours } from './theme.js';

/** A chart as files; `name` without an ending. */
export type FigureFile = { readonly name: string; readonly svg: string; readonly png: Uint8Array };

/** Height of the title with one line below it, and of each further line, pixels. */
const TITLE = 46;
const LINE = 15;
const SCALE = 2;

/** Every figure that the run has data for. */
export async function buildFigures(input: PageInput): Promise<FigureFile[]> {
  const facts = factsOf(input);
  const figures = charts.flatMap((chart) => chart.figures(facts));
  const files: FigureFile[] = [];
  for (const figure of figures) files.push(await drawn(figure));
  return files;
}

async function drawn(figure: Figure): Promise<FigureFile> {
  const spec = withColours(compiled(figure.id, titled(figure)), 'light');
  const view = new vega.View(vega.parse(spec), { renderer: 'none', logLevel: vega.Warn });
  for (const [name, rows] of Object.entries(figure.data)) view.data(name, [...rows]);
  for (const [name, value] of Object.entries(figure.signals ?? {})) view.signal(name, value);
  const svg = await view.toSVG();
  const canvas = (await view.toCanvas(SCALE)) as unknown as { toBuffer?: (type: string) => Uint8Array };
  view.finalize();
  if (typeof canvas.toBuffer !== 'function') {
    throw new RunError('The figures need the package "canvas" (an alias of @napi-rs/canvas). Run "npm ci".');
  }
  return { name: figure.id, svg, png: canvas.toBuffer('image/png') };
}

/** The spec with its title, margins for it, a set width and opaque paper. */
function titled({ spec, title, subtitle, width }: Figure): Spec {
  const lines = typeof subtitle === 'string' ? 1 : subtitle.length;
  const padding = spec['padding'] as { left: number; top: number; right: number; bottom: number };
  return {
    ...spec,
    width,
    background: 'var(--paper)',
    padding: {
      left: padding.left + 12,
      top: padding.top + TITLE + LINE * (lines - 1) + 12,
      right: Math.max(padding.right, 20) + 12,
      bottom: padding.bottom + 12,
    },
    title: {
      text: title,
      subtitle,
      anchor: 'start',
      frame: 'group',
      dx: -padding.left,
      offset: padding.top + 14,
      color: 'var(--ink)',
      fontSize: 15,
      fontWeight: 600,
      subtitleColor: 'var(--soft)',
      subtitleFontSize: 12,
      subtitlePadding: 5,
    },
  };
}
