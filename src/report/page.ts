// The report as one self-contained HTML file: no network, a strict policy that names the script by its hash, specs
// compiled here, text and tables readable without the script.
import { createHash } from 'node:crypto';
import { builtAssets, type PageAssets } from './bundle.js';
import { drawingsOf } from './charts/registry.js';
import { compiled } from './compile.js';
import { factsOf, type Facts } from './facts.js';
import { counted } from './format.js';
import { markup, trusted, type Html } from './html.js';
import type { PageInput } from './input.js';
import { pageDataOf } from './page-data.js';
import { sectionsOf } from './sections/registry.js';
import { segments, slot, type Drawings, type Section } from './sections/section.js';
import { themeCss } from './theme.js';

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
  const script = assets.script.replace(/<\/(?=script)/gi, '<\\/').replace(/<!--/g, '<\\!--');
  const hash = createHash('sha256').update(script).digest('base64');
  const policy = `default-src 'none'; script-src 'sha256-${hash}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'`;
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${policy}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href="data:," />
        <title>${titleText(facts)} · invariance</title>
        <style>${trusted(themeCss())}${trusted(assets.style)}</style>
      </head>
      <body>
        <a class="skip" href="#answer">Skip to the answer</a>
        ${header(facts, made)}
        <main>
          ${made.map(({ id, content }) => markup`<section id="${id}">${content}</section> `)}${more(drawings, made)}
        </main>
        <div id="tip" class="tip" hidden></div>
        <noscript><p class="foot">The charts need JavaScript; the data tables under them and the embedded result do not.</p></noscript>
        ${embedded('result', input.result)} ${embedded('data', data)} ${embedded('specs', specs)}
        ${embedded('images', images)}
        <script>${trusted(script)}</script>
      </body>
    </html> `.html;
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

/** JSON in the page: no character of it can end the element or a line of script. */
function embedded(id: string, value: unknown): Html {
  const text = JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
  return markup`<script type="application/json" id="${id}">${trusted(text)}</script>`;
}
