// The report as one self-contained HTML file: specs compiled here, text and tables readable without the script.
import { builtAssets, type PageAssets } from './bundle.js';
import { drawingsOf } from './charts/registry.js';
import { compiled } from './compile.js';
import { documentOf } from './document.js';
import { factsOf, type Facts } from './facts.js';
import { counted } from './format.js';
import { markup, type Html } from './html.js';
import type { PageInput } from './input.js';
import { pageDataOf } from './page-data.js';
import { sectionsOf } from './sections/registry.js';
import { segments, slot, type Drawings, type Section } from './sections/section.js';

/**
 * The page of one run, or of several joined ones.
 *
 * @param assets the page's script and styles; by default those that the build bundled
 * @throws InputError where the result has no model; RunError where a chart's spec is faulty or the bundle is missing
 */
export function buildPage(input: PageInput, assets: PageAssets = builtAssets()): string {
  const facts = factsOf(input);
  const drawings: Drawings = new Map(drawingsOf(facts).map((drawing) => [drawing.id, drawing]));
  const specs = Object.fromEntries([...drawings].map(([id, { spec }]) => [id, compiled(id, spec)]));
  const { data, images } = pageDataOf(facts);
  const made = sectionsOf(facts, drawings);
  return documentOf(
    {
      title: titleText(facts),
      header: header(facts, made),
      main: markup`${made.map(({ id, content }) => markup`<section id="${id}">${content}</section> `)}${more(drawings, made)}`,
      answer: facts.comparing ? 'compare' : 'answer',
      embedded: { result: input.result, data, specs, images },
    },
    assets,
  );
}

function titleText({ words, names }: Facts): string {
  return `${words.title}: ${names.length === 1 ? names[0] : `${names.length} classifiers`}`;
}

function header({ input }: Facts, made: readonly Section[]): Html {
  const { pictures, protocol } = input.result;
  const links = made.flatMap(({ id, nav }) => (nav === null ? [] : [markup`<a href="#${id}">${nav}</a>`]));
  const themes = ['auto', 'light', 'dark'].map((value) => ({ value, text: value }));
  return markup`<header class="bar">
    <p class="brand">
      <b>invariance</b>
      <span class="soft"
        >${counted(pictures.count, 'picture')} · protocol
        <a href="#protocol"><code>${protocol.hash.slice(0, 12)}</code></a></span
      >
    </p>
    <nav aria-label="Sections">${links}</nav>
    ${segments('theme', markup`<span class="sr">Colour theme</span>`, themes, 'auto', 'theme')}
  </header>`;
}

/** Drawings with data of their own that no section has a slot for. */
function more(drawings: Drawings, made: readonly Section[]): Html | null {
  const placed = made.map(({ content }) => content.html).join('');
  const left = [...drawings.values()].filter(
    ({ id, data }) =>
      !placed.includes(`data-chart="${id}"`) &&
      Object.values(data).some((rows) => rows.length > 0) &&
      !drawings.has(`${id}-named`),
  );
  return left.length === 0
    ? null
    : markup`<section id="more">
        <h2>More</h2>
        <div class="panels three">
          ${left.map(({ id }) => markup`<figure class="panel">${slot(drawings, id)}</figure>`)}
        </div>
      </section>`;
}
