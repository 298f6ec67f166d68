#!/usr/bin/env node
// The command line. Only this room prints or exits: 0 done, 1 a threshold isn't met, 2 wrong input, 3 the run failed,
// 130 stopped by Ctrl-C (the same command goes on).
import { Command, CommanderError } from 'commander';
import { InputError, messageOf } from '../core/errors.js';
import { version } from '../core/version.js';
import { compareCommand } from './compare.js';
import { datasetCommand } from './dataset.js';
import { layersCommand } from './layers.js';
import { modelsCommand } from './models.js';
import { probeCommand } from './probe.js';
import { protocolsCommand } from './protocols.js';
import { reportCommand } from './report.js';
import { variantsCommand } from './variants.js';

/** A reader that has seen enough (`| head`) closes the pipe: that is no fault. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(process.exitCode ?? 0);
  throw error;
});

const program = new Command('invariance')
  .description(
    "Measures how far an image classifier's answer depends on where, how large and against what an object is seen.",
  )
  .version(version)
  .exitOverride()
  .showHelpAfterError('(add --help for all options)')
  .addCommand(probeCommand())
  .addCommand(compareCommand())
  .addCommand(layersCommand())
  .addCommand(variantsCommand())
  .addCommand(datasetCommand())
  .addCommand(modelsCommand())
  .addCommand(protocolsCommand())
  .addCommand(reportCommand());

for (const command of program.commands) inheritErrors(command);

try {
  await program.parseAsync();
} catch (error) {
  process.exitCode = failureCode(error);
}

/** Errors of sub-commands reach the one handler below too. */
function inheritErrors(command: Command): void {
  command.exitOverride().showHelpAfterError('(add --help for all options)');
  for (const child of command.commands) inheritErrors(child);
}

/** Prints what went wrong and tells the exit code. Commander has printed its own messages already. */
function failureCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  process.stderr.write(`error: ${messageOf(error)}\n`);
  if (error instanceof InputError) return 2;
  if (process.env['INVARIANCE_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return 3;
}
