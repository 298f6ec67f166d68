// Progress of a download on standard error: a bar on a terminal, a plain line now and then elsewhere.
import type { DownloadProgress } from '../models/download.js';
import { duration, progressBar } from './progress.js';

/** Seconds between two plain lines. */
const PLAIN_EVERY = 10;

type DownloadDisplay = { readonly update: (state: DownloadProgress) => void; readonly stop: () => void };

/** Bytes as people say them: "5.0 MB". */
export function megabytes(bytes: number): string {
  return bytes < 1e6 ? `${(bytes / 1e3).toFixed(1)} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function rateAndLeft({ received, before, total }: DownloadProgress, seconds: number): string {
  const rate = seconds > 0 ? (received - before) / seconds : 0;
  const left = rate > 0 && total !== null && seconds > 1 ? ` · ${duration((total - received) / rate)} left` : '';
  return `${megabytes(rate)}/s${left}`;
}

function shown({ received, total }: DownloadProgress): string {
  return total === null ? megabytes(received) : `${megabytes(received)} of ${megabytes(total)}`;
}

/** A display for `stream`; `quiet` shows nothing. Times are read from `seconds`, a monotone clock. */
export function downloadDisplay(
  stream: NodeJS.WriteStream,
  { quiet, seconds }: { readonly quiet: boolean; readonly seconds: () => number },
): DownloadDisplay {
  if (quiet) return { update: () => undefined, stop: () => undefined };
  const bar = stream.isTTY ? progressBar(stream, '{bar} {shown} · {rate}') : null;
  let began: number | null = null;
  let last = 0;
  return {
    update: (state) => {
      const now = seconds();
      const texts = { shown: shown(state), rate: rateAndLeft(state, now - (began ?? now)) };
      if (began === null) {
        began = now;
        last = now;
        if (state.before > 0) stream.write(`going on: ${megabytes(state.before)} were received before\n`);
        bar?.start(state.total ?? state.received, state.received, texts);
      } else if (bar !== null) bar.update(state.received, texts);
      else if (now - last >= PLAIN_EVERY) {
        stream.write(`${texts.shown} · ${texts.rate}\n`);
        last = now;
      }
    },
    stop: () => bar?.stop(),
  };
}
