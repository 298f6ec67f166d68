// Progress off a terminal: plain lines, with a count, a rate and a time of their own for each part of a run.
import { expect, test } from 'vitest';
import { progressDisplay } from '../../src/cli/progress.js';
import type { Progress } from '../../src/run/run.js';

function lines(states: readonly (readonly [second: number, state: Partial<Progress>])[]): string[] {
  const written: string[] = [];
  const stream = {
    isTTY: false,
    write: (text: string) => written.push(text.trimEnd()),
  } as unknown as NodeJS.WriteStream;
  let now = 0;
  const display = progressDisplay(stream, { quiet: false, seconds: () => now });
  for (const [second, state] of states) {
    now = second;
    display.update({ folder: 'run', done: 0, before: 0, total: 100, skipped: 0, views: 0, ...state });
  }
  display.stop();
  return written;
}

test('a line every ten seconds, with views a second and the time left', () => {
  expect(
    lines([
      [0, {}],
      [5, { done: 10, views: 90 }],
      [10, { done: 20, views: 180 }],
    ]),
  ).toEqual(['20/100 pictures · 18 views/s · 40 s left']);
});

test('a part begins anew: its pictures, its rate', () => {
  const part = { folder: 'run/frames', total: 2 };
  expect(
    lines([
      [0, {}],
      [100, { done: 100, views: 900 }],
      [100, part],
      [110, { ...part, done: 1, views: 240 }],
    ]),
  ).toEqual(['100/100 pictures · 9 views/s · 0 s left', '1/2 pictures · 24 views/s · 10 s left']);
});

test('a part that goes on says so', () => {
  expect(lines([[0, { folder: 'run/scale', done: 40, before: 40 }]])).toEqual([
    'going on: 40 of 100 pictures were measured before',
  ]);
});
