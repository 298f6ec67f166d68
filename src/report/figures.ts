// The page's charts as files: SVG, and PNG at twice the size, in the light scheme on its paper.
import * as vega from 'vega';
import { RunError } from '../core/errors.js';
import type { Figure, Margins } from './charts/chart.js';
import { figuresOf } from './charts/registry.js';
import { compiled } from './compile.js';
import { factsOf } from './facts.js';
import type { PageInput } from './input.js';
import { withColours } from './theme.js';

/** A chart as files; `name` without an ending. */
export type FigureFile = { readonly name: string; readonly svg: string; readonly png: Uint8Array };

/** Height of the title with one line below it, and of each further line, pixels. */
const TITLE = 46;
const LINE = 15;
/** Margin of the paper, pixels. */
const EDGE = 12;
const SCALE = 2;
/** Families by name: the canvas has no `system-ui` and takes a serif in its place. */
const FONT = "Arial, Helvetica, 'Liberation Sans', 'DejaVu Sans', sans-serif";

/** Every figure that the run has data for. */
export async function buildFigures(input: PageInput): Promise<FigureFile[]> {
  const facts = factsOf(input);
  const figures = figuresOf(facts);
  const files: FigureFile[] = [];
  for (const figure of figures) files.push(await drawFigure(figure));
  return files;
}

/** One chart as SVG and PNG. */
export async function drawFigure(figure: Figure): Promise<FigureFile> {
  const spec = withColours(titled(figure), 'light');
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

/** The compiled spec with its title, margins for it, a set width and opaque paper. */
function titled({ id, spec, title, subtitle, width, marks = [] }: Figure): vega.Spec {
  const lines = typeof subtitle === 'string' ? [subtitle] : subtitle;
  const padding = spec['padding'] as Margins;
  const top = padding.top + TITLE + LINE * (lines.length - 1) + EDGE;
  const padded = {
    ...spec,
    width,
    background: 'var(--paper)',
    config: { font: FONT },
    padding: {
      left: padding.left + EDGE,
      top,
      right: Math.max(padding.right, 20) + EDGE,
      bottom: padding.bottom + EDGE,
    },
  };
  const text = (y: number, update: vega.EncodeEntry): vega.TextMark => ({
    type: 'text',
    encode: {
      update: { x: { value: -padding.left }, y: { value: EDGE - top + y }, baseline: { value: 'top' }, ...update },
    },
  });
  const drawing = compiled(id, padded);
  // Vega's own titles keep a distance from whatever lies above the plot, so they would leave the paper: these are marks.
  return {
    ...drawing,
    marks: [
      ...(drawing.marks ?? []),
      ...marks,
      text(0, {
        text: { value: title },
        fill: { value: 'var(--ink)' },
        fontSize: { value: 15 },
        fontWeight: { value: 'bold' },
      }),
      text(22, {
        text: { value: [...lines] },
        fill: { value: 'var(--soft)' },
        fontSize: { value: 12 },
        lineHeight: { value: LINE },
      }),
    ],
  };
}
