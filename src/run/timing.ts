// Times of models side by side: each answers in turn, round after round, in this one process with one thread, so that
// whatever else the machine does in a round slows all of them alike.
import type { AnswerTimes } from '../core/compare.js';
import { messageOf } from '../core/errors.js';
import type { Model } from '../core/model.js';
import { randomFor } from '../core/random.js';
import { openClassifier, runtimeName } from '../runtimes/registry.js';
import { createWorkspace, cutWindow, prepareCanvas } from '../runtimes/prepare.js';
import { thisMachine } from './record.js';

export type TimingOptions = {
  readonly signal: AbortSignal;
  /** A monotone clock, milliseconds. */
  readonly now: () => number;
  /** Rounds that are done, of how many; 0 of 0 before they are counted. */
  readonly progress?: (round: number, of: number) => void;
};

/** Rounds: as many as the time for all of them allows, milliseconds. */
const MOST_ROUNDS = 31;
const LEAST_ROUNDS = 7;
const BUDGET = 20_000;
/** A model answers in each round for at least so long, so that the clock's steps and the call's overhead even out. */
const TURN = 12;
/** Answers before the first round: memory is laid out, branches are learned. */
const WARM_UP = 3;

/** One model, ready to answer. */
type Timed = {
  readonly model: string;
  readonly answer: () => Promise<unknown>;
  readonly close: () => Promise<void>;
  readonly milliseconds: number[];
  /** Answers in a turn. */
  turn: number;
};

/**
 * Milliseconds an answer to one view (a batch of one; without decoding and resizing), by model and round; with a remedy,
 * all inferences that an answer takes. A model that can't be opened is told with its reason.
 *
 * @returns null where the signal came before the least number of rounds was done
 */
export async function timeModels(models: readonly Model[], options: TimingOptions): Promise<AnswerTimes | null> {
  const opened: (Timed | { readonly model: string; readonly unavailable: string })[] = [];
  try {
    for (const model of models) opened.push(await openTimed(model));
    const timed = opened.filter((one): one is Timed => 'answer' in one);
    const rounds = await roundsFor(timed, options);
    for (let round = 0; round < rounds; round++) {
      options.progress?.(round, rounds);
      if (options.signal.aborted) {
        if (round < LEAST_ROUNDS) return null;
        break;
      }
      for (let place = 0; place < timed.length; place++) {
        const one = timed[(place + round) % timed.length] as Timed;
        one.milliseconds.push(await turnOf(one, options.now));
      }
    }
    return {
      threads: 1,
      machine: `${thisMachine().cpu}; ${[...new Set(await Promise.all(models.map(engineName)))].join(', ')}`,
      models: opened.map((one) =>
        'answer' in one ? { model: one.model, milliseconds: one.milliseconds.map(rounded) } : one,
      ),
    };
  } finally {
    for (const one of opened) if ('answer' in one) await one.close();
  }
}

/** The engine's name; of TensorFlow's library with what keeps its times from being those of one thread. */
async function engineName(model: Model): Promise<string> {
  const own = (model.engine?.backend ?? 'wasm') !== 'wasm';
  return `${await runtimeName(model)}${own ? ' (with threads of its own, as many as the machine has cores)' : ''}`;
}

async function openTimed(model: Model): Promise<Timed | { readonly model: string; readonly unavailable: string }> {
  const { name, input, preprocessing } = model;
  const inferences = Math.max(1, Math.round(model.remedy?.inferences ?? 1));
  try {
    const classifier = await openClassifier(model, { threads: 1 });
    const workspace = createWorkspace(input, input.batch ?? 1);
    const random = randomFor(0, 'timing');
    const data = Uint8Array.from({ length: 3 * input.width * input.height }, () => random.below(256));
    const canvas = { width: input.width, height: input.height, data };
    cutWindow(prepareCanvas(canvas, input, preprocessing, workspace), 0, 0, false, workspace.target, 0);
    return {
      model: name,
      answer: async () => {
        for (let i = 0; i < inferences; i++) await classifier.run(workspace.target, 1);
      },
      close: () => classifier.close(),
      milliseconds: [],
      turn: 1,
    };
  } catch (error) {
    return { model: name, unavailable: messageOf(error) };
  }
}

/** Warms the models up, gives each its number of answers a turn, and tells how many rounds the time allows. */
async function roundsFor(timed: readonly Timed[], { now }: TimingOptions): Promise<number> {
  let round = 0;
  for (const one of timed) {
    for (let i = 0; i < WARM_UP; i++) await one.answer();
    const each = await turnOf(one, now);
    one.turn = Math.max(1, Math.ceil(TURN / Math.max(each, 0.001)));
    round += one.turn * each;
  }
  return Math.max(LEAST_ROUNDS, Math.min(MOST_ROUNDS, Math.floor(BUDGET / Math.max(1, round))));
}

/** Milliseconds an answer over one turn. */
async function turnOf(one: Timed, now: () => number): Promise<number> {
  const start = now();
  for (let i = 0; i < one.turn; i++) await one.answer();
  return (now() - start) / one.turn;
}

function rounded(milliseconds: number): number {
  return Number(milliseconds.toPrecision(5));
}
