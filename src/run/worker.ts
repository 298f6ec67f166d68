// A worker thread: its own sessions, its own decoding, its own views. It takes one picture at a time and answers with
// one line of JSON a model; nothing is shared with other workers (design: 241 against 214 views/s for one session with two threads).
import { parentPort, workerData } from 'node:worker_threads';
import { InputError, PictureError, messageOf } from '../core/errors.js';
import type { ModelLayers } from '../core/layers.js';
import type { Model } from '../core/model.js';
import type { Observation } from '../core/observation.js';
import type { Protocol } from '../core/protocol.js';
import type { Frame } from '../core/view.js';
import { variantGroups } from '../remedies/variants.js';
import type { Stages } from './answer.js';
import type { CloserLook } from './inside.js';
import { frameOf, marginFor, noStages, openVariants, type Decoded, type VariantsMeasurer } from './measure.js';
import { readPicture, type ReadableEntry } from './read-picture.js';

/** What a worker is started with. */
export type WorkerSetup = {
  readonly models: readonly Model[];
  readonly protocol: Protocol;
  readonly threads: number;
  /** What to look at inside the models, by model, null where nothing; null where the protocol asks for nothing. */
  readonly layers: readonly (ModelLayers | null)[] | null;
};

/** One picture on the models that haven't measured it yet. */
export type Job = {
  readonly number: number;
  readonly entry: ReadableEntry;
  readonly tasks: readonly { readonly model: number; readonly label: number | null }[];
  readonly look: CloserLook;
};

/** Asks a worker to close its sessions and end: ending it in the middle of an inference would abort the process. */
export type Stop = 'stop';

/** What comes back. */
export type Reply =
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'lines';
      readonly number: number;
      readonly views: number;
      readonly lines: readonly { model: number; line: string }[];
      readonly stages: Stages;
    }
  | { readonly kind: 'skipped'; readonly number: number; readonly reason: string }
  | { readonly kind: 'failed'; readonly input: boolean; readonly message: string };

/** The variants of one model, opened. */
type Opened = {
  /** The variants among the run's models. */
  readonly indices: readonly number[];
  readonly measurer: VariantsMeasurer;
  readonly frame: Frame;
};

const port = parentPort;
if (port !== null) await serve(port, workerData as WorkerSetup);

async function serve(
  to: NonNullable<typeof parentPort>,
  { models, protocol, threads, layers }: WorkerSetup,
): Promise<void> {
  const reply = (message: Reply): void => to.postMessage(message);
  const stages = noStages();
  const opened: Opened[] = [];
  let stopped = false;
  try {
    for (const indices of variantGroups(models)) {
      const variants = indices.map((index) => models[index] as Model);
      const inside = indices.map((index) => layers?.[index] ?? null).find((each) => each !== null) ?? null;
      const measurer = await openVariants(variants, protocol, threads, stages, inside);
      const frame = frameOf(variants[0] as Model, marginFor(variants, protocol));
      opened.push({ indices, measurer, frame });
    }
  } catch (error) {
    reply({ kind: 'failed', input: error instanceof InputError, message: messageOf(error) });
    return;
  }

  // Jobs run one after the other; decoding starts when a job arrives, so that it overlaps with the job before.
  let queue = Promise.resolve();
  to.on('message', (message: Job | Stop) => {
    if (message === 'stop') {
      stopped = true;
      queue = queue.then(async () => {
        try {
          for (const { measurer } of opened) await measurer.close();
        } catch (error) {
          reply({ kind: 'failed', input: false, message: messageOf(error) });
        }
        to.close();
      });
      return;
    }
    const job = message;
    // All variants of a model are measured together, whichever is wanted: so answers never depend on what was stored before.
    const wanted = opened.filter(({ indices }) => job.tasks.some(({ model }) => indices.includes(model)));
    const frames = wanted.map(({ frame }) => frame);
    const decoded = readPicture(job.entry, protocol, frames).then(
      (pictures) => ({ pictures }),
      (error: unknown) => ({ error }),
    );
    queue = queue.then(async () => {
      if (stopped) return;
      try {
        const waiting = performance.now();
        const read = await decoded;
        stages.decode += (performance.now() - waiting) / 1000;
        if ('error' in read) throw read.error;
        const lines: { model: number; line: string }[] = [];
        let views = 0;
        for (const [i, { indices, measurer }] of wanted.entries()) {
          const tasks = job.tasks.filter(({ model }) => indices.includes(model));
          const label = tasks[0]?.label ?? null;
          const observations = await measurer.measure(read.pictures[i] as Decoded, label, job.look);
          for (const { model } of tasks) {
            const observation = observations[indices.indexOf(model)] as Observation;
            views += observation.views.length;
            lines.push({ model, line: JSON.stringify(observation) });
          }
        }
        reply({ kind: 'lines', number: job.number, views, lines, stages: { ...stages } });
      } catch (error) {
        if (error instanceof PictureError) reply({ kind: 'skipped', number: job.number, reason: error.message });
        else
          reply({
            kind: 'failed',
            input: error instanceof InputError,
            message: `${job.entry.id}: ${messageOf(error)}`,
          });
      }
    });
  });
  reply({ kind: 'ready' });
}
