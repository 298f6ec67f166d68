// The observations that a page holds, as CSV (RFC 4180): one row a model, picture and view.

export type CsvRow = {
  readonly model: string;
  readonly picture: string;
  /** The view's place in words. */
  readonly view: string;
  /** Names of classes and their probabilities; null where there is no answer or no label. */
  readonly top1: string | null;
  readonly top1Probability: number | null;
  readonly label: string | null;
  readonly followed: string;
  readonly followedProbability: number | null;
};

const COLUMNS = [
  'model',
  'picture',
  'view',
  'top1',
  'top1_probability',
  'true_class',
  'followed_class',
  'followed_probability',
];

export function csvOf(rows: readonly CsvRow[]): string {
  const lines = rows.map((row) =>
    [
      quoted(row.model),
      quoted(row.picture),
      quoted(row.view.replaceAll('\u2212', '-')),
      quoted(row.top1),
      row.top1Probability ?? '',
      quoted(row.label),
      quoted(row.followed),
      row.followedProbability ?? '',
    ].join(','),
  );
  return `${[COLUMNS.join(','), ...lines].join('\r\n')}\r\n`;
}

function quoted(text: string | null): string {
  return text === null ? '' : `"${text.replaceAll('"', '""')}"`;
}
