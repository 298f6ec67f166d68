// What every page is: one self-contained HTML file without a network, a strict policy that names its script by its hash,
// and JSON that no character can break out of.
import { createHash } from 'node:crypto';
import type { PageAssets } from './bundle.js';
import { markup, trusted, type Html } from './html.js';
import { themeCss } from './theme.js';

/** The parts in which pages differ. */
export type PageParts = {
  /** Plain text. */
  readonly title: string;
  readonly header: Html;
  readonly main: Html;
  /** Anchor of the section with the answer; default "answer". */
  readonly answer?: string;
  /** JSON by the id of its element. */
  readonly embedded: Readonly<Record<string, unknown>>;
};

/** The whole file. */
export function documentOf(
  { title, header, main, answer = 'answer', embedded }: PageParts,
  assets: PageAssets,
): string {
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
        <title>${title} · invariance</title>
        <style>${trusted(themeCss())}${trusted(assets.style)}</style>
      </head>
      <body>
        <a class="skip" href="#${answer}">Skip to the answer</a>
        ${header}
        <main>
          ${main}
        </main>
        <div id="tip" class="tip" hidden></div>
        <noscript><p class="foot">The charts need JavaScript; the data tables under them and the embedded result do not.</p></noscript>
        ${Object.entries(embedded).map(([id, value]) => markup`${json(id, value)} `)}
        <script>${trusted(script)}</script>
      </body>
    </html> `.html;
}

function json(id: string, value: unknown): Html {
  const text = JSON.stringify(value)
    .replace(/</g, '\\u003c')
    .replace(/\u2028/g, '\\u2028')
    .replace(/\u2029/g, '\\u2029');
  return markup`<script type="application/json" id="${id}">${trusted(text)}</script>`;
}
