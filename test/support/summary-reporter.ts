// Prints what failed or was skipped and, last, "N passed, N failed" alone on a line.
import type { Reporter, TestCase, TestModule } from 'vitest/node';

class SummaryReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    let passed = 0;
    let failed = unhandled.length;
    const skipped = new Map<string, number>();
    for (const error of unhandled) process.stdout.write(`unhandled: ${JSON.stringify(error)}\n`);
    for (const module of modules) {
      for (const error of module.errors()) {
        failed++;
        process.stdout.write(`FAIL ${module.relativeModuleId}\n${error.stack ?? error.message}\n`);
      }
      for (const test of module.children.allTests()) {
        const { state } = test.result();
        if (state === 'passed') passed++;
        else if (state === 'failed') {
          failed++;
          printFailure(module, test);
        } else skipped.set(module.relativeModuleId, (skipped.get(module.relativeModuleId) ?? 0) + 1);
      }
    }
    for (const [file, count] of skipped) process.stdout.write(`skipped ${count} in ${file}\n`);
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
  }
}

function printFailure(module: TestModule, test: TestCase): void {
  process.stdout.write(`FAIL ${module.relativeModuleId} > ${test.fullName}\n`);
  for (const error of test.result().errors ?? [])
    process.stdout.write(`${error.stack ?? error.message}\n${error.diff ?? ''}\n`);
}

// Vitest loads reporters by their default export.
export { SummaryReporter as default };
