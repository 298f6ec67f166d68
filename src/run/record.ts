// `run.json`: what is being run; and whether a folder holds the same run, so that old and new observations never mix.
import { readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expected, InputError, messageOf, shown } from '../core/errors.js';
import type { Model } from '../core/model.js';
import { canonicalJson, differingKeys, sha256 as hashed } from '../core/protocol.js';
import type { RunRecord } from '../core/result.js';
import { files } from './store.js';

/** What makes two models answer alike: weights, geometry, preprocessing, backend, remedy, and the classes that labels are resolved by. */
export function modelIdentity(model: Model): unknown {
  const { name, sha256, input, output, preprocessing, classes, engine, remedy } = model;
  return {
    ...{ name, sha256, input, output, preprocessing: { ...preprocessing, source: null }, classes: sha256Of(classes) },
    ...(engine === undefined ? {} : { backend: engine.backend }),
    ...(remedy === undefined ? {} : { remedy: remedy.steps }),
  };
}

function sha256Of(value: unknown): string {
  return hashed(canonicalJson(value));
}

/** The members of a record that decide the numbers: two runs with equal identities measure the same. */
function identityOf(record: RunRecord): unknown {
  return {
    protocol: { ...record.protocol, name: null },
    models: record.models.map(modelIdentity),
    versions: { ...record.versions, invariance: null, node: null },
    pictures: record.pictures.sha256,
    shard: record.shard,
  };
}

/** The folder's name for a run: readable, and different for every different run. */
export function runName(record: RunRecord): string {
  const models = record.models.map(({ name }) => name);
  const shown = models.length > 3 ? `${models.slice(0, 2).join('+')}+${models.length - 2}-more` : models.join('+');
  const part = record.shard === null ? '' : `-part-${record.shard.index}-of-${record.shard.of}`;
  const name = `${record.protocol.name}-${shown}`.replace(/[^\p{L}\p{N}._+-]/gu, '-').slice(0, 80);
  return `${name}-${sha256Of(identityOf(record)).slice(0, 8)}${part}`;
}

/** Reads `run.json` of a folder; null where there is none. @throws InputError where it can't be read */
export async function readRecord(folder: string): Promise<RunRecord | null> {
  const file = path.join(folder, files.record);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new InputError(`Can't read ${file}: ${messageOf(error)}.`);
  }
  const advice = 'Give another folder with --out, or start again with --fresh.';
  let record: unknown;
  try {
    record = JSON.parse(text);
  } catch (error) {
    throw new InputError(`${file} can't be read as JSON: ${messageOf(error)}. ${advice}`);
  }
  if (isRecord(record)) return record;
  throw expected(file, 'the record of a run, with "schema": "invariance/run@1"', record, advice);
}

function isRecord(value: unknown): value is RunRecord {
  return typeof value === 'object' && value !== null && 'schema' in value && value.schema === 'invariance/run@1';
}

/**
 * Makes sure that what lies in the folder belongs to this run.
 *
 * @returns the record of the interrupted or finished run that goes on, or null for a new one
 * @throws InputError where the folder holds another run: says what differs
 */
export async function claimFolder(folder: string, record: RunRecord, fresh: boolean): Promise<RunRecord | null> {
  if (fresh) {
    for (const name of [files.observations, files.record, files.result, files.report, files.parquet, files.figures]) {
      await rm(path.join(folder, name), { recursive: true, force: true });
    }
    return null;
  }
  const old = await readRecord(folder);
  if (old === null) return null;
  const differences = differingKeys(identityOf(old), identityOf(record));
  if (differences.length === 0) return old;
  const listed = differences.slice(0, 5).map(({ path: key, a, b }) => `${key} was ${shown(a)}, now ${shown(b)}`);
  throw new InputError(
    `${folder} holds another run: ${listed.join('; ')}. Observations of different runs are never mixed: ` +
      `give another folder with --out, or drop the old run with --fresh.`,
  );
}

/** The machine as the record names it. */
export function thisMachine(): RunRecord['machine'] {
  const cpus = os.cpus();
  return {
    platform: process.platform,
    arch: process.arch,
    cpu: cpus[0]?.model.trim() ?? 'unknown',
    cores: os.availableParallelism(),
  };
}
