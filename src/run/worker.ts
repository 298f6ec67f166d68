// A worker thread: its own sessions, its own decoding, its own views. It takes one picture at a time and answers with
// one line of JSON a model; nothing is shared with other workers (design: 241 against 214 views/s for one session with two threads).
import { parentPort, workerData } from 'node:worker_threads';
import { InputError, PictureError, messageOf } from '../core/errors.js';
import type { ModelLayers } from '../core/layers.js';
import type { Model } from '../core/model.js';
import type { Protocol } from '../core/protocol.js';
import type { CloserLook } from './inside.js';
import { frameOf, noStages, openMeasurer, type Decoded, type Measurer, type Stages } from './measure.js';
import { readPicture, type ReadableEntry } from './read-picture.js';

/** What a worker is started with. */
export type WorkerSetup = {
  readonly models: readonly Model[];
  readonly protocol: Protocol;
  readonly threads: number;
  /** What to look at inside the models, by model; null where the protocol asks for nothing. */
  readonly layers: readonly ModelLayers[] | null;
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

const port = parentPort;
if (port !== null) await serve(port, workerData as WorkerSetup);

async function serve(
  to: NonNullable<typeof parentPort>,
  { models, protocol, threads, layers }: WorkerSetup,
): Promise<void> {
  const reply = (message: Reply): void => to.postMessage(message);
  const stages = noStages();
  let measurers: Measurer[];
  let stopped = false;
  try {
    measurers = [];
    for (const [i, model] of models.entries())
      measurers.push(await openMeasurer(model, protocol, threads, stages, layers?.[i] ?? null));
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
        for (const measurer of measurers) await measurer.close();
        to.close();
      });
      return;
    }
    const job = message;
    const frames = job.tasks.map(({ model }) => frameOf(models[model] as Model));
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
        for (const [i, { model, label }] of job.tasks.entries()) {
          const picture = read.pictures[i] as Decoded;
          const observation = await (measurers[model] as Measurer).measure(picture, label, job.look);
          views += observation.views.length;
          lines.push({ model, line: JSON.stringify(observation) });
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
