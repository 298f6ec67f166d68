// The page of a data set: how many classes are not uniform, where their objects lie, every class, how it was counted.
import type { BoxFault, ClassResult, DatasetResult } from '../../core/dataset.js';
import { builtAssets, type PageAssets } from '../bundle.js';
import type { Drawing } from '../charts/chart.js';
import { compiled } from '../compile.js';
import { documentOf } from '../document.js';
import { capital, counted, grouped, narrow } from '../format.js';
import { dataTable, markup, table, type Html } from '../html.js';
import { repeatBlock, segments, slot } from '../sections/section.js';
import { chartRows, densitySpec, extentSpec } from './charts.js';
import { densityKey, shownWords } from './shown.js';
import { byBias, classColumns, classRow, datasetNotices, datasetSentences, nounsOf } from './words.js';

/** Rows of the table of classes that are not folded away. */
const FIRST_ROWS = 20;

/** What a page is made from. */
export type DatasetPageInput = {
  readonly result: DatasetResult;
  /** The command line that repeats it. */
  readonly command: string;
  /** Version of this program. */
  readonly version: string;
  /** The class that is shown first; without, all together. */
  readonly shown?: string;
};

/** The class of a name, all together where there is none of it. */
export function shownClass({ result, shown }: DatasetPageInput): ClassResult {
  return result.classes.find(({ name }) => name === shown) ?? result.overall;
}

/**
 * The page of a data set as one self-contained file.
 *
 * @param assets the page's script and styles; by default those that the build bundled
 */
export function buildDatasetPage(input: DatasetPageInput, assets: PageAssets = builtAssets('dataset')): string {
  const { result } = input;
  const { extent } = nounsOf(result);
  const shown = shownClass(input);
  const rows = chartRows(shown, result);
  const drawings = new Map<string, Drawing>(
    [
      {
        id: 'density',
        spec: densitySpec(result.lattice),
        label: 'Density of centres; the table of classes has the numbers',
      },
      { id: 'density-cropped', spec: densitySpec(result.lattice), label: 'Density of centres after a random crop' },
      {
        id: 'extents',
        spec: extentSpec(result),
        label: `Histogram of ${extent}s`,
      },
    ].map((drawing) => [drawing.id, { ...drawing, data: rows[drawing.id]?.data ?? {} }]),
  );
  const specs = Object.fromEntries([...drawings].map(([id, { spec }]) => [id, compiled(id, spec)]));
  const main = markup`<section id="answer">${answer(result)}</section>
    <section id="where">${where(result, shown, drawings)}</section>
    <section id="classes">${classes(result)}</section>
    <section id="protocol">${method(input)}</section>`;
  return documentOf(
    {
      title: `Where the objects of ${result.source.name} lie`,
      header: header(result),
      main,
      embedded: { result, data: { charts: rows }, specs },
    },
    assets,
  );
}

function header(result: DatasetResult): Html {
  const themes = ['auto', 'light', 'dark'].map((value) => ({ value, text: value }));
  return markup`<header class="bar">
    <p class="brand">
      <b>invariance</b>
      <span class="soft">${counted(result.source.boxes, nounsOf(result).box, nounsOf(result).boxes)} of ${result.source.name}</span>
    </p>
    <nav aria-label="Sections"><a href="#where">Where they lie</a><a href="#classes">Classes</a><a href="#protocol">Method</a></nav>
    ${segments('theme', markup`<span class="sr">Colour theme</span>`, themes, 'auto', 'theme')}
  </header>`;
}

function answer(result: DatasetResult): Html {
  const { position } = result.verdicts;
  const [first = '', ...rest] = datasetSentences(result);
  const notices = datasetNotices(result);
  const lead =
    position.tested === 0
      ? markup`<h1>${narrow(first)}</h1>`
      : markup`<h1>
          <span class="big">${grouped(position.notUniform)}</span>
          <span id="answer-sentence"
            >of ${counted(position.tested, 'class', 'classes')} ${position.notUniform === 1 ? 'is' : 'are'} not uniform in position.</span
          >
        </h1>`;
  const sentences = position.tested === 0 ? rest : [first, ...rest];
  return markup`${lead}
    <p class="second">${narrow(sentences.join(' ')).replace('(p <', '(p\u00a0<')}</p>
    ${
      notices.length === 0
        ? null
        : markup`<ul class="notices">
            ${notices.map((notice) => markup`<li>${narrow(notice)}</li>`)}
          </ul>`
    }`;
}

function where(result: DatasetResult, shown: ClassResult, drawings: ReadonlyMap<string, Drawing>): Html {
  const { centres, extents } = nounsOf(result);
  const options = [result.overall, ...byBias(result.classes)];
  return markup`<h2>Where the objects lie</h2>
    <p class="lead">
      The ${centres} as the data set has them, and after the random crop that training commonly applies, on one scale. If
      objects could be anywhere, the maps would have one even colour, and the ${extents} would reach the dashed line.
    </p>
    <p class="controls">
      <label class="soft" for="class-select">Class, the most biased first</label>
      <select id="class-select">
        ${options.map(({ name, boxes: n }, i) => markup`<option value="${i - 1}" ${name === shown.name ? markup`selected` : null}>${name} (${grouped(n)})</option>`)}
      </select>
    </p>
    <p class="foot" id="shown-words" role="status">${shownWords(shown, result)}</p>
    <div class="heatbar" id="density-key">${densityKey(shown)}</div>
    <div class="panels three">
      <figure class="panel map">
        <figcaption>${capital(centres)}<span class="soft">in the picture; framed is its middle ninth</span></figcaption>
        ${slot(drawings, 'density')}
      </figure>
      <figure class="panel map">
        <figcaption>After a random crop<span class="soft">those that are still visible, in the crop</span></figcaption>
        ${slot(drawings, 'density-cropped')}
      </figure>
      <figure class="panel">
        <figcaption>
          ${capital(extents)}<span class="soft">bars in the picture, lines after the crop, dashed if uniform</span>
        </figcaption>
        ${slot(drawings, 'extents')}
      </figure>
    </div>`;
}

function classes(result: DatasetResult): Html {
  const sorted = byBias(result.classes);
  const columns = classColumns(result).map((name) => (name === '' ? 'Class' : name));
  const rows = sorted.map((one) => classRow(one).map(narrow));
  const shown = (part: readonly (readonly string[])[], caption: string | null): Html =>
    markup`<div class="scroll" tabindex="0" role="region" aria-label="Table of classes">${table(caption, columns, part)}</div>`;
  return markup`<h2>Every class</h2>
    <p class="lead">
      The class that is farthest from uniform in position comes first: (χ² − degrees) / n, which doesn’t grow with the
      number of ${nounsOf(result).boxes}. p is adjusted over the classes (Holm), each column on its own.
    </p>
    ${shown(rows.slice(0, FIRST_ROWS), null)}
    ${rows.length > FIRST_ROWS ? dataTable('further classes', table(null, columns, rows.slice(FIRST_ROWS)), `${grouped(rows.length - FIRST_ROWS)} more`) : null}`;
}

function method(input: DatasetPageInput): Html {
  const { result, command, version } = input;
  const { source, options } = result;
  const { boxes, extents, box } = nounsOf(result);
  const terms: [string, string][] = [
    [
      'Data',
      `${source.name}, ${source.format}: ${counted(source.boxes, box, boxes)} in ${counted(source.pictures, 'picture')}, ${counted(result.classes.length, 'class', 'classes')}`,
    ],
    ['Grid', `${options.grid} × ${options.grid} cells; ${extents} in 10 bins; joined until each expects 5`],
    ['Level', `${options.alpha}, Holm over the tested classes`],
    ['Intervals', 'Wilson, 95\u202f%'],
    ['Random crop', `one a ${box}: area 8 to 100\u202f%, aspect 3/4 to 4/3, seed ${options.seed}`],
    ['Version', `invariance ${version}`],
  ];
  return markup`<h2>How it was counted</h2>
    ${repeatBlock(
      terms,
      command,
      markup`<h3 class="screen">Take it with you</h3>
        <p class="controls"><button type="button" id="save-result">result.json</button></p>`,
    )}
    <h3>What the numbers mean</h3>
    <div class="definitions">${definitions(result).map(
      ([term, text]) =>
        markup`<details>
          <summary>${term}</summary>
          <p>${text}</p>
        </details>`,
    )}</div>
    ${source.faults.length > 0 ? faults(source.faults, source.skipped) : null}`;
}

function definitions(result: DatasetResult): [string, string][] {
  const { box, boxes, centres, extents } = nounsOf(result);
  return [
    [
      'Position',
      `The ${centres} of a class’s ${boxes}, as fractions of their pictures’ sides, counted on the grid and tested with chi-squared against equal counts (Azulay & Weiss, JMLR 2019).`,
    ],
    [
      'Size allowed for',
      `A ${box} that is w wide in a picture W wide can have its left edge at 0 … W − w only. Its place in that range, and likewise from the top, is tested in the same way: this asks whether a ${box} of its size could lie anywhere.`,
    ],
    [
      result.source.kind === 'boxes' ? 'Height' : 'Distance',
      `${result.source.kind === 'boxes' ? 'The height of a box over its picture’s' : 'The distance of two points over their picture’s diagonal'}, tested against uniform on 0 … 1.`,
    ],
    [
      'After a random crop',
      `Each ${box} is seen through one random crop; it counts if its centre is visible, with the visible part’s ${extents === 'heights' ? 'height over the crop’s' : 'diagonal over the crop’s'}.`,
    ],
  ];
}

function faults(listed: readonly BoxFault[], skipped: number): Html {
  const rows = listed.map(({ source, line, reason }) => [source, String(line), reason]);
  const caption = listed.length < skipped ? `The first ${listed.length} of ${grouped(skipped)}` : null;
  return markup`<h3>What was left out</h3>
    ${dataTable('left out', table(caption, ['File', 'Line', 'Reason'], rows), grouped(skipped))}`;
}
