// The claims of the palette: contrast by WCAG 2.1 relative luminance, and a ramp that only ever gets darker (or lighter).
import { describe, expect, it } from 'vitest';
import { RAMP_STEPS, themeCss, tokensOf, withColours } from '../../src/report/theme.js';

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
    const value = parseInt(hex.slice(i, i + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

describe.each(['light', 'dark'] as const)('%s', (scheme) => {
  const tokens = tokensOf(scheme);
  const on = (name: string) => contrast(tokens[name] ?? '', tokens['paper'] ?? '');

  it('text has 4.5:1, edges and bars 3:1', () => {
    for (const name of ['ink', 'soft', 'right', 'wrong']) expect(on(name)).toBeGreaterThan(4.5);
    for (const name of ['faint', 'interval', 'focus']) expect(on(name)).toBeGreaterThan(3);
  });

  it('the ramp is monotone in contrast with the page, in steps that can be told apart', () => {
    const steps = Array.from({ length: RAMP_STEPS }, (_, i) => on(`p${i}`));
    steps.slice(1).forEach((value, i) => expect(value).toBeGreaterThan(steps[i] ?? Infinity));
  });
});

it('has the ramp of the design', () => {
  expect(tokensOf('light')).toMatchObject({ p0: '#e9f2f7', p10: '#468ec9', p19: '#17306d' });
  expect(tokensOf('dark')).toMatchObject({ p0: '#191e29', p19: '#b4e7fc' });
});

it('replaces tokens by colours, and prints light on white', () => {
  expect(withColours({ a: ['var(--right)', 'x'] }, 'light')).toEqual({ a: ['#1f5fa8', 'x'] });
  expect(themeCss()).toMatch(/@media print\{.*--paper:#fff\}\}$/m);
});
