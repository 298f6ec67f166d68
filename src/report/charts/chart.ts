// What a chart is: pure functions from facts to Vega-Lite specs whose colours are tokens and whose data have names.
import type { Mark } from 'vega';
import type { Facts } from '../facts.js';

/** A Vega-Lite spec; `compile` is the one place that hands it to the library. */
export type Spec = Readonly<Record<string, unknown>>;

export type Row = Readonly<Record<string, unknown>>;

/** Rows by the name that the spec gives its data. */
export type Data = Readonly<Record<string, readonly Row[]>>;

/** One drawing of a chart. */
export type Drawing = {
  /** Unique in a page. */
  readonly id: string;
  readonly spec: Spec;
  /** Empty lists where the page's script fills them. */
  readonly data: Data;
  readonly signals?: Readonly<Record<string, unknown>>;
  /** The numbers in words, for readers who don't see it. */
  readonly label: string;
};

/** A drawing on its own, with a title: written as SVG and PNG. */
export type Figure = Omit<Drawing, 'label'> & {
  readonly title: string;
  /** One line, or two. */
  readonly subtitle: string | readonly string[];
  /** Width of the plot, pixels. */
  readonly width: number;
  /** Marks that Vega-Lite has no words for, in pixels of the plot. */
  readonly marks?: readonly Mark[];
};

export type Chart = {
  readonly name: string;
  /** Drawings for the page; none where the run has no data for the chart. */
  readonly drawings: (facts: Facts) => readonly Drawing[];
  /** Figures for files. */
  readonly figures: (facts: Facts) => readonly Figure[];
};

/** Margins of a chart whose plot fills the rest of its element: panels side by side have the same pixels a unit. */
export type Margins = { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number };

/** Plot of fixed height with fixed margins; its width follows the element. */
export function framed(height: number, padding: Margins): Spec {
  return { autosize: { type: 'none' }, width: 200, height, padding };
}

/** Names as parts of file names: lower case, letters, digits, points and hyphens; numbered where two agree. */
export function slugsOf(names: readonly string[]): string[] {
  const plain = names.map((name) =>
    name
      .toLowerCase()
      .replace(/[^a-z0-9.]+/g, '-')
      .replace(/^[-.]+|[-.]+$/g, ''),
  );
  return plain.map((slug, i) => (slug !== '' && plain.indexOf(slug) === i ? slug : `${slug || 'model'}-${i + 1}`));
}
