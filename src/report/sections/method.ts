// How it was measured: protocol, command, models, downloads, definitions; what was left out and why.
import { isEstimate } from '../../core/estimate.js';
import { canonicalJson, type Json } from '../../core/protocol.js';
import type { ModelResult } from '../../core/result.js';
import { corruptionWords } from '../../metrics/corruption-words.js';
import { metrics } from '../../metrics/registry.js';
import type { Facts } from '../facts.js';
import { counted, date, duration, grouped } from '../format.js';
import { listed } from '../../metrics/words.js';
import { dataTable, markup, table, trusted, type Html } from '../html.js';
import { placeText } from '../layout.js';
import { optionsOf } from '../words.js';
import { repeatBlock, type SectionMaker } from './section.js';

export const method: SectionMaker = (facts) => {
  const { input, models } = facts;
  const { run } = input;
  const everyPicture = facts.pictures.length >= input.shown.total;
  const rows = models.map((model) => [
    model.name,
    sides(model.input[2], model.input[1]),
    preprocessingText(model),
    markup`<code title="${model.sha256}">${model.sha256.slice(0, 12)}</code>`,
  ]);
  const content = markup`<h2>How it was measured</h2>
    ${repeatBlock(
      terms(facts),
      run.command,
      markup`<h3>Models</h3>
        <div class="scroll" tabindex="0" role="region" aria-label="Models">
          ${table(null, ['Model', 'Input', 'Preprocessing', 'SHA-256'], rows)}
        </div>
        <h3 class="screen">Take it with you</h3>
        <p class="controls">
          <button type="button" id="save-result">result.json</button>
          <button type="button" id="save-rows">observations.csv</button>
        </p>
        <p class="soft">
          ${everyPicture ? null : `The CSV holds the ${grouped(facts.pictures.length)} pictures that this page shows; observations.parquet beside the page holds all ${grouped(input.shown.total)}. `}Two
          runs are comparable only if their protocol hashes agree.
        </p>`,
    )}
    ${leftOut(facts)}
    <h3>What the numbers mean</h3>
    <div class="definitions">
      ${metrics
        .filter(({ name }) => facts.listed.includes(name))
        .map(
          ({ name, title, definition, source }) =>
            markup`<details id="def-${name}">
              <summary>${title}</summary>
              <p>${definition} <span class="nowrap">(${source})</span></p>
            </details>`,
        )}
    </div>`;
  return { id: 'protocol', nav: 'Protocol', content };
};

function terms(facts: Facts): [string, string | Html][] {
  const { input, models } = facts;
  const { result, run } = input;
  const { protocol, pictures } = result;
  const methods = new Set(
    models.flatMap(({ estimates }) =>
      Object.values(estimates).flatMap((estimate) => (isEstimate(estimate) ? [estimate.method] : [])),
    ),
  );
  const tests = [...new Set(result.comparisons.filter(({ p }) => p !== null).map(({ test }) => test))];
  const versions = Object.entries(run.versions).map(([name, version]) => `${name} ${version}`);
  const { machine } = run;
  const measured = `${date(run.started)}, ${duration(run.seconds)} with ${counted(run.workers, 'worker')}; ${machine.cpu}, ${counted(machine.cores, 'core')}, ${machine.platform} ${machine.arch}`;
  const all: [string, string | Html | null][] = [
    [
      'Pictures',
      `${grouped(pictures.count)} from ${run.pictures.source}, ${pictures.labelled === pictures.count ? 'all' : pictures.labelled === 0 ? 'none' : grouped(pictures.labelled)} labelled`,
    ],
    [
      'Protocol',
      `${protocol.name}, seed ${protocol.seed}${protocol.repeat > 1 ? `, ${protocol.repeat} passes` : ''}, definitions version ${protocol.definitions}`,
    ],
    ['Probe', `${protocol.probe.name}: ${optionsText(facts)}`],
    ['Prepared', protocol.preprocess === 'model' ? 'each model’s own preprocessing' : optionText(protocol.preprocess)],
    ['Corrupted', corruptionWords(protocol)],
    ['Intervals', `${listed([...methods])}, 95\u202f%`],
    ['Tests', tests.length === 0 ? null : `${listed(tests)}; Holm over ${holmOver(facts)}`],
    ['Measured', measured],
    ['Runtime', listed([...new Set(models.map(({ runtime }) => runtime))])],
    ['Versions', versions.length === 0 ? null : versions.join(', ')],
    [
      'Hash',
      markup`<code class="hash"
        >${trusted(protocol.hash.replace(/[^0-9a-z]/gi, '').replace(/(.{16})(?=.)/g, '$1<wbr>'))}</code
      >`,
    ],
  ];
  return all.filter((row): row is [string, string | Html] => row[1] !== null);
}

/** "160 × 160", unbroken. */
/** The tests that Holm's adjustment is over. */
function holmOver({ comparing, names, input }: Facts): string {
  const tested = input.result.comparisons.filter(({ p }) => p !== null);
  const ofReference = tested.filter(({ a }) => a === names[0]).length;
  if (!comparing || ofReference === tested.length) return grouped(tested.length);
  return `${grouped(ofReference)} with the reference, and over ${grouped(tested.length - ofReference)} of other pairs`;
}

function sides(width: number, height: number): string {
  return `${width}\u00a0×\u00a0${height}`;
}

/** The probe's options; of a sweep, its steps (result.json has all of it). */
function optionsText({ input, models }: Facts): string {
  const options = optionsOf(input.result.protocol);
  const [model] = models;
  if (Array.isArray(options['steps']) && model && model.series.length > 0) {
    return model.series.map(({ at }) => placeText(at)).join('; ');
  }
  const texts = Object.entries(options).map(([key, value]) => `${key} ${optionText(value)}`);
  return texts.length === 0 ? 'no options' : texts.join(', ');
}

function optionText(value: Json): string {
  return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : canonicalJson(value);
}

function preprocessingText({ preprocessing: { resize, crop } }: ModelResult): string {
  const steps = [
    resize === null
      ? null
      : resize.to === 'shortest-edge'
        ? `shorter side ${resize.size}, ${resize.kernel}`
        : `${sides(resize.width, resize.height)}, ${resize.kernel}`,
    crop === null ? null : `crop ${crop.width === crop.height ? crop.width : sides(crop.width, crop.height)}`,
  ];
  return steps.filter((step) => step !== null).join('; ') || 'no resizing';
}

/** Pictures that could not be used and views without an answer, with their reasons. */
function leftOut({ input, models }: Facts): Html | null {
  const { skipped } = input.result.pictures;
  const invalid = models.flatMap((model) =>
    model.invalid.map((view) => [model.name, view.picture, placeText(view.at), view.reason]),
  );
  if (skipped.length === 0 && invalid.length === 0) return null;
  return markup`<h3>What was left out</h3>
    ${
      skipped.length > 0
        ? dataTable(
            'pictures left out',
            table(
              null,
              ['Picture', 'Reason'],
              skipped.map(({ picture, reason }) => [picture, reason]),
            ),
            counted(skipped.length, 'picture'),
          )
        : null
    }
    ${invalid.length > 0 ? dataTable('views without an answer', table(null, ['Model', 'Picture', 'View', 'Reason'], invalid), counted(invalid.length, 'view')) : null}`;
}
