// The product's own command line, run for the evaluation: every variant in one run, results and observations read back.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const MAIN = path.join('dist', 'cli', 'main.js');

/**
 * @param folder where runs go; a run that is there already isn't measured again
 * @param names of the variants, in the order of tables
 */
export function openRuns(folder, names) {
  mkdirSync(folder, { recursive: true });
  const models = names.flatMap((name) => ['--model', name]);

  /** One run of all variants: `flags` of `invariance probe`, pictures of a set by `picturesOf`. */
  const probe = (name, flags, set = null) => {
    const out = path.join(folder, name);
    const images = set === null ? [] : ['--images', set.file];
    const started = performance.now();
    const stdout = run([
      'probe',
      ...flags,
      ...models,
      ...images,
      ...['--json', '--no-report', '--quiet', '--out', out],
    ]);
    process.stderr.write(`${name}: ${((performance.now() - started) / 1000).toFixed(0)} s\n`);
    const result = JSON.parse(stdout);
    return {
      command: ['npx invariance probe', ...flags, ...(set === null ? [] : ['--images', set.shown]), '$MODELS'].join(
        ' ',
      ),
      result,
      pictures: result.pictures.count,
      estimates: (model) => result.models.find((one) => one.name === model).estimates,
      observations: (model) =>
        readFileSync(path.join(out, 'observations', `${model}.jsonl`), 'utf8')
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line))
          .sort((a, b) => (a.picture < b.picture ? -1 : 1)),
    };
  };

  /** A CSV of the fixtures of one kind, and how its reader makes it. */
  const picturesOf = (kind) => {
    const file = path.join(folder, `${kind}.csv`);
    const [header, ...rows] = readFileSync(path.join('fixtures', 'pictures', 'labels.csv'), 'utf8')
      .trim()
      .split('\n');
    const pictures = path.resolve('fixtures', 'pictures');
    const chosen = rows.filter((row) => row.split(',')[3] === kind).map((row) => path.join(pictures, row));
    writeFileSync(file, `${[header, ...chosen].join('\n')}\n`);
    return {
      file,
      shown: `${kind}.csv`,
      made: `awk -F, 'NR==1 {print} $4=="${kind}" {print "fixtures/pictures/" $0}' fixtures/pictures/labels.csv > ${kind}.csv`,
    };
  };

  return { probe, picturesOf, models: `MODELS="${models.join(' ')}"` };
}

/** The shipped variants' cards, as `invariance models list --json` prints them. */
export function readCards() {
  return JSON.parse(run(['models', 'list', '--json']));
}

/** Whether the view of an observation at these offsets is right (or any other question to its likeliest class). */
export function answerAt({ views }, dx = 0, dy = 0) {
  const view = views.find(({ at }) => at.dx === dx && at.dy === dy);
  return view?.top?.[0] ?? null;
}

function run(words) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...words], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (status !== 0) throw new Error(`invariance ${words.join(' ')}\n${stderr}`);
  return stdout;
}
