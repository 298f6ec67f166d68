// A run's page round its charts: what its buttons save, and keys.
import { csvOf } from '../observations-csv.js';
import { hideTip } from './draw.js';
import { find, onClick } from './elements.js';
import { copyCommand, download, openTarget, startSizes, startTheme } from './frame.js';
import { sharpen } from './crop.js';
import { className, data, placeOf } from './page-state.js';
import { blink } from './pair.js';

function startDownloads(): void {
  onClick('save-result', () => download('result.json', 'application/json', find('result')?.textContent ?? ''));
  onClick('save-rows', () =>
    download(
      'observations.csv',
      'text/csv',
      csvOf(
        data.models.flatMap(({ name: model }, m) =>
          data.pictures.flatMap(({ id }, picture) => {
            const track = data.tracks[m]?.[picture];
            if (!track) return [];
            return track.p.map((p, view) => ({
              model,
              picture: id,
              view: placeOf(track, view),
              top1: className(m, track.top[view] ?? null),
              top1Probability: track.q[view] ?? null,
              label: track.label === null ? null : className(m, track.label),
              followed: className(m, track.focus) ?? '',
              followedProbability: p,
            }));
          }),
        ),
      ),
    ),
  );
  onClick('copy', () => void copyCommand());
}

export function startShell(): void {
  startTheme();
  startDownloads();
  startSizes(() => sharpen(document));
  addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape') return;
    hideTip();
    blink(false);
  });
  addEventListener('hashchange', openTarget);
  openTarget();
}
