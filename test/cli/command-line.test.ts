// The command line as results keep it: what a shell takes back, without the secrets in URLs.
import { expect, it } from 'vitest';
import { commandLine } from '../../src/cli/options.js';

it.each([
  [['probe', '--model', 'a folder', '--shift', '1px'], "invariance probe --model 'a folder' --shift 1px"],
  [
    ['--model', 'https://someone:hunter2@host/m/model.json?token=abc'],
    "invariance --model 'https://***@host/m/model.json?***'",
  ],
  [
    ['--model=mine=HTTPS://token@host:8080/m#key', '--shift', '1px'],
    "invariance '--model=mine=HTTPS://***@host:8080/m?***' --shift 1px",
  ],
  [['--model', 'https://host/m/model.json'], 'invariance --model https://host/m/model.json'],
])('%j', (words, line) => {
  expect(commandLine(words)).toBe(line);
});
