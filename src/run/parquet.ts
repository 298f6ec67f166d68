// observations.parquet: one row a view, for analysis elsewhere (DuckDB, pandas, polars). Written in row groups, so that
// memory doesn't grow with the number of pictures.
import { rename, rm } from 'node:fs/promises';
import { fileWriter, ParquetWriter, schemaFromColumnData } from 'hyparquet-writer';
import { RunError, messageOf } from '../core/errors.js';
import { unpackedGroup, type Observation } from '../core/observation.js';

/** Rows held in memory before they are written as one row group. */
const ROWS_A_GROUP = 50_000;

/** One view as a row. Coordinates become columns of their own, named as in the observation. */
type Row = Readonly<Record<string, string | number | boolean | null>>;
type ColumnType = 'STRING' | 'INT32' | 'DOUBLE' | 'BOOLEAN';

const FIXED: Readonly<Record<string, ColumnType>> = {
  model: 'STRING',
  picture: 'STRING',
  label: 'INT32',
  view: 'INT32',
  group: 'INT32',
  reference: 'BOOLEAN',
  top1: 'INT32',
  top1Probability: 'DOUBLE',
  trueProbability: 'DOUBLE',
  invalid: 'STRING',
};

/** Where the observations of a run come from: each model's, any number of times. */
export type ObservationSource = { readonly model: string; readonly read: () => AsyncIterable<Observation> };

/**
 * Writes all views of all models.
 *
 * @throws RunError where the file can't be written
 */
export async function writeParquet(file: string, sources: readonly ObservationSource[]): Promise<void> {
  const part = `${file}.${process.pid}.part`;
  try {
    const types = { ...FIXED, ...(await coordinateTypes(sources)) };
    const names = Object.keys(types);
    const columns = (rows: readonly Row[]) =>
      names.map((name) => ({
        name,
        type: types[name] as ColumnType,
        data: rows.map((row) => row[name] ?? null),
        nullable: true,
      }));
    const writer = new ParquetWriter({
      writer: fileWriter(part),
      schema: schemaFromColumnData({ columnData: columns([]) }),
      createdBy: 'invariance',
    });
    let rows: Row[] = [];
    const flush = async (): Promise<void> => {
      await writer.write({ columnData: columns(rows), rowGroupSize: ROWS_A_GROUP });
      rows = [];
    };
    for (const { model, read } of sources) {
      for await (const observation of read()) {
        rows.push(...rowsOf(model, observation));
        if (rows.length >= ROWS_A_GROUP) await flush();
      }
    }
    await flush();
    await writer.finish();
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw new RunError(`Can't write ${file}: ${messageOf(error)}. The observations themselves are kept.`);
  }
}

/** Every coordinate that occurs: a number column where all its values are numbers, else text. */
async function coordinateTypes(sources: readonly ObservationSource[]): Promise<Record<string, ColumnType>> {
  const types: Record<string, ColumnType> = {};
  for (const { read } of sources) {
    for await (const { views } of read()) {
      for (const { at } of views) {
        for (const key in at) {
          const type = typeof at[key] === 'number' ? 'DOUBLE' : 'STRING';
          if (types[key] === undefined || type === 'STRING') types[key] = type;
        }
      }
    }
  }
  return types;
}

function rowsOf(model: string, observation: Observation): Row[] {
  const { picture, label, tracked } = observation;
  const groups = observation.groups.map(unpackedGroup);
  const truth = label === null ? -1 : tracked.indexOf(label);
  // A view of several groups is named under the first: those that stand apart come after the run's own.
  const groupOf = new Map<number, number>();
  for (const [group, { views }] of groups.entries())
    for (const view of views) if (!groupOf.has(view)) groupOf.set(view, group);
  return observation.views.map((seen, view) => {
    const group = groupOf.get(view) ?? null;
    const common = {
      ...seen.at,
      model,
      picture,
      label,
      view,
      group,
      reference: group !== null && groups[group]?.reference === view,
    };
    if ('invalid' in seen)
      return { ...common, top1: null, top1Probability: null, trueProbability: null, invalid: seen.invalid };
    return {
      ...common,
      top1: seen.top[0] ?? null,
      top1Probability: seen.p[0] ?? null,
      trueProbability: truth >= 0 ? (seen.t[truth] ?? null) : null,
      invalid: null,
    };
  });
}
