// Progress on standard error: a bar with rate and time left on a terminal, a plain line now and then elsewhere.
import cliProgress from 'cli-progress';
import type { Progress } from '../run/run.js';

/** Seconds between two plain lines. */
const PLAIN_EVERY = 10;

export type ProgressDisplay = { readonly update: (state: Progress) => void; readonly stop: () => void };

/** A display for `stream`; `quiet` shows nothing. Times are read from `seconds`, a monotone clock. */
export function progressDisplay(
  stream: NodeJS.WriteStream,
  { quiet, seconds }: { readonly quiet: boolean; readonly seconds: () => number },
): ProgressDisplay {
  if (quiet) return { update: () => undefined, stop: () => undefined };
  return stream.isTTY ? barDisplay(stream, seconds) : plainDisplay(stream, seconds);
}

/** A bar on a terminal; `format` as cli-progress has it. */
export function progressBar(stream: NodeJS.WriteStream, format: string): cliProgress.SingleBar {
  return new cliProgress.SingleBar({
    stream,
    format,
    barCompleteChar: '█',
    barIncompleteChar: '░',
    barsize: 28,
    hideCursor: true,
    clearOnComplete: true,
    stopOnComplete: false,
    gracefulExit: false,
  });
}

function barDisplay(stream: NodeJS.WriteStream, seconds: () => number): ProgressDisplay {
  const bar = progressBar(stream, '{bar} {value}/{total} pictures{skipped} · {rate} views/s · {left}');
  let began = 0;
  let folder: string | null = null;
  return {
    update: (state) => {
      // Each part of a run has a folder, pictures and a rate of its own.
      if (folder !== state.folder) {
        folder = state.folder;
        began = seconds();
        bar.start(state.total, state.done, payload(state, 0));
        return;
      }
      bar.update(state.done + state.skipped, payload(state, seconds() - began));
    },
    stop: () => bar.stop(),
  };
}

function plainDisplay(stream: NodeJS.WriteStream, seconds: () => number): ProgressDisplay {
  let began = 0;
  let folder: string | null = null;
  let last = 0;
  const write = (state: Progress, now: number): void => {
    const { skipped, rate, left } = payload(state, now - began);
    stream.write(`${state.done}/${state.total} pictures${skipped} · ${rate} views/s · ${left}\n`);
    last = now;
  };
  return {
    update: (state) => {
      const now = seconds();
      if (folder !== state.folder) {
        folder = state.folder;
        began = now;
        last = now;
        if (state.before > 0)
          stream.write(`going on: ${state.before} of ${state.total} pictures were measured before\n`);
      } else if (now - last >= PLAIN_EVERY) write(state, now);
    },
    stop: () => undefined,
  };
}

/** The texts beside the bar. */
function payload(state: Progress, passed: number): { skipped: string; rate: string; left: string } {
  const fresh = state.done - state.before;
  const rest = state.total - state.done - state.skipped;
  return {
    skipped: state.skipped > 0 ? ` (${state.skipped} skipped)` : '',
    rate: passed > 0 && state.views > 0 ? Math.round(state.views / passed).toLocaleString('en') : '–',
    left: fresh > 0 && passed > 1 ? `${duration((passed / fresh) * rest)} left` : 'starting',
  };
}

/** Seconds as people say them: "45 s", "3 min 20 s", "2 h 5 min". */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
