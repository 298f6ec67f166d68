// Hands pictures to worker threads, two in hand each, and passes on what comes back.
import { Worker } from 'node:worker_threads';
import { InputError, RunError } from '../core/errors.js';
import type { Stages } from './answer.js';
import { noStages } from './measure.js';
import type { Job, Reply, Stop, WorkerSetup } from './worker.js';

/** Jobs that a worker holds: the one it measures and the one it decodes meanwhile. */
const IN_HAND = 2;

export type PoolEvents = {
  /** One picture was measured. Awaited before the pool takes the next reply: storage sets the pace. */
  readonly lines: (job: Job, lines: readonly { model: number; line: string }[], views: number) => Promise<void>;
  /** One picture can't be used. A throw stops the pool. */
  readonly skipped: (job: Job, reason: string) => void;
};

/**
 * Runs all jobs on `workers` threads and returns the seconds spent in each stage, summed over workers.
 * When `signal` aborts, no more jobs are handed out and those in hand are finished.
 *
 * @throws InputError or RunError, the first one of any worker
 */
export async function runJobs(
  jobs: Iterable<Job>,
  setup: WorkerSetup,
  workers: number,
  events: PoolEvents,
  signal: AbortSignal,
): Promise<Stages> {
  const source = jobs[Symbol.iterator]();
  let drained = false;
  const next = (): Job | null => {
    if (drained || signal.aborted) return null;
    const step = source.next();
    if (!step.done) return step.value;
    drained = true;
    return null;
  };

  const pool: Worker[] = [];
  const stagesOf = new Map<Worker, Stages>();
  let storing = Promise.resolve();
  let unclosed: string | undefined;
  try {
    await new Promise<void>((resolve, reject) => {
      let alive = workers;
      const start = (): void => {
        const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData: setup });
        const inHand = new Map<number, Job>();
        const feed = (): void => {
          while (inHand.size < IN_HAND) {
            const job = next();
            if (job === null) break;
            inHand.set(job.number, job);
            worker.postMessage(job);
          }
          if (inHand.size === 0 && --alive === 0) resolve();
        };
        worker.on('message', (reply: Reply) => {
          if (reply.kind === 'failed') {
            reject(reply.input ? new InputError(reply.message) : new RunError(reply.message));
            return;
          }
          if (reply.kind === 'ready') {
            feed();
            return;
          }
          const job = inHand.get(reply.number) as Job;
          storing = storing
            .then(() => {
              if (reply.kind === 'skipped') events.skipped(job, reply.reason);
              else {
                stagesOf.set(worker, reply.stages);
                return events.lines(job, reply.lines, reply.views);
              }
              return undefined;
            })
            .then(() => {
              inHand.delete(reply.number);
              feed();
            });
          storing.catch(reject);
        });
        worker.on('error', (error) => reject(new RunError(`A worker failed: ${error.message}`)));
        worker.on('exit', (code) => {
          if (code !== 0)
            reject(
              new RunError(
                `A worker ended with code ${code}. What was measured is kept; run the same command again to go on.`,
              ),
            );
        });
        pool.push(worker);
      };
      for (let i = 0; i < workers; i++) start();
    });
    await storing;
  } finally {
    unclosed = (await Promise.all(pool.map(ended))).find((failure) => failure !== null) ?? undefined;
  }
  if (unclosed !== undefined) throw new RunError(unclosed);

  const total = noStages();
  for (const stages of stagesOf.values())
    for (const key of Object.keys(total) as (keyof Stages)[]) total[key] += stages[key];
  return total;
}

/** Waits for a worker to finish the picture it is at, close its sessions and end; gives what went wrong in that. */
function ended(worker: Worker): Promise<string | null> {
  return new Promise((resolve) => {
    let failure: string | null = null;
    worker.removeAllListeners('error').removeAllListeners('exit').removeAllListeners('message');
    worker.on('error', () => undefined);
    worker.on('message', (reply: Reply) => {
      if (reply.kind === 'failed') failure = reply.message;
    });
    worker.on('exit', () => resolve(failure));
    if (worker.threadId === -1) resolve(failure);
    else worker.postMessage('stop' satisfies Stop);
  });
}
