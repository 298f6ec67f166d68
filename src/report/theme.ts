// Colours and chart style: the one source for the page's CSS, its charts and the figures. Blue means the true class and
// its probability, orange a wrong answer or a change of answer; nothing else has a colour.
// OKLab and OKLCH: B. Ottosson, "A perceptual color space for image processing", 2020.

export type Scheme = 'light' | 'dark';

const TOKENS: Readonly<Record<Scheme, Readonly<Record<string, string>>>> = {
  light: {
    paper: '#fdfdfb',
    surface: '#f3f3ef',
    ink: '#1a1c1f',
    soft: '#54585f',
    faint: '#8d9198',
    rule: '#dddcd6',
    right: '#1f5fa8',
    wrong: '#c03f0c',
    interval: '#6391c7',
    focus: '#0b57d0',
  },
  dark: {
    paper: '#131519',
    surface: '#1d2026',
    ink: '#ebebe8',
    soft: '#a8adb6',
    faint: '#767c86',
    rule: '#31353d',
    right: '#8cc2ff',
    wrong: '#ff8d5c',
    interval: '#4b7ab3',
    focus: '#a8c7fa',
  },
};

type Oklch = readonly [lightness: number, chroma: number, hue: number];

/** Classes of the probability ramp, 5 points each: constant steps in lightness, so that equal steps look equal. */
export const RAMP_STEPS = 20;
const RAMP: Readonly<Record<Scheme, readonly [Oklch, Oklch, Oklch]>> = {
  light: [
    [0.955, 0.012, 235],
    [0.66, 0.115, 245],
    [0.33, 0.11, 264],
  ],
  dark: [
    [0.235, 0.022, 265],
    [0.58, 0.12, 252],
    [0.9, 0.06, 225],
  ],
};

/** The ramp's colours as tokens, from probability 0 to 1. */
export const RAMP_TOKENS: readonly string[] = Array.from({ length: RAMP_STEPS }, (_, i) => `var(--p${i})`);

/** All tokens of a scheme as hexadecimal colours, the ramp's `p0`…`p19` among them. */
export function tokensOf(scheme: Scheme): Readonly<Record<string, string>> {
  const ramp = Array.from({ length: RAMP_STEPS }, (_, i): [string, string] => [
    `p${i}`,
    rampColour(scheme, i / (RAMP_STEPS - 1)),
  ]);
  return { ...TOKENS[scheme], ...Object.fromEntries(ramp) };
}

/** Replaces every `var(--token)` in a value's strings by the scheme's colour, for renderers that know no CSS. */
export function withColours<Value>(value: Value, scheme: Scheme): Value {
  const tokens = tokensOf(scheme);
  const text = JSON.stringify(value).replace(/var\(--([\w-]+)\)/g, (match, name: string) => tokens[name] ?? match);
  return JSON.parse(text) as Value;
}

/** The tokens as CSS custom properties: by the system's scheme, by `data-theme`, and always light on white in print. */
export function themeCss(): string {
  const properties = (scheme: Scheme): string =>
    [`color-scheme:${scheme}`, ...Object.entries(tokensOf(scheme)).map(([name, colour]) => `--${name}:${colour}`)].join(
      ';',
    );
  return [
    `:root{${properties('light')}}`,
    `@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${properties('dark')}}}`,
    `:root[data-theme=dark]{${properties('dark')}}`,
    `@media print{:root,:root[data-theme],:root:not([data-theme=light]){${properties('light')};--paper:#fff}}`,
  ].join('\n');
}

function rampColour(scheme: Scheme, t: number): string {
  const [from, middle, to] = RAMP[scheme];
  const [start, end, u] = t < 0.5 ? [from, middle, 2 * t] : [middle, to, 2 * t - 1];
  const mixed = (i: 1 | 2): number => start[i] + u * (end[i] - start[i]);
  return oklchToHex([from[0] + t * (to[0] - from[0]), mixed(1), mixed(2)]);
}

function oklchToHex([lightness, chroma, hue]: Oklch): string {
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  const byte = (value: number): string => {
    const v = Math.max(0, Math.min(1, value));
    const encoded = v <= 0.0031308 ? 12.92 * v : 1.055 * v ** (1 / 2.4) - 0.055;
    return Math.round(255 * encoded)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${linear.map(byte).join('')}`;
}

export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Noto Sans', Arial, sans-serif";

/** Vega-Lite config: what every chart shares. */
export const CHART_CONFIG = {
  background: 'transparent',
  font: FONT,
  padding: 0,
  aria: false,
  view: { stroke: null, continuousHeight: 160 },
  axis: {
    domain: false,
    ticks: true,
    tickColor: 'var(--rule)',
    tickSize: 4,
    tickWidth: 1,
    grid: true,
    gridColor: 'var(--rule)',
    gridWidth: 0.75,
    labelColor: 'var(--soft)',
    labelFontSize: 12,
    labelPadding: 4,
    labelOverlap: 'greedy',
    labelSeparation: 8,
    labelBound: false,
    titleColor: 'var(--soft)',
    titleFontSize: 12,
    titleFontWeight: 'normal',
    titlePadding: 8,
  },
  axisY: { ticks: false, labelPadding: 6 },
  axisBand: { grid: false, ticks: false, labelColor: 'var(--ink)', labelFontSize: 13 },
  text: { color: 'var(--ink)', fontSize: 12.5 },
  rule: { color: 'var(--ink)' },
  line: { color: 'var(--right)', strokeWidth: 2, strokeCap: 'round', strokeJoin: 'round' },
  point: { color: 'var(--right)', filled: true, size: 60, opacity: 1 },
  area: { color: 'var(--interval)' },
  rect: { color: 'var(--surface)' },
} as const;
