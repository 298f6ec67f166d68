// Loaded into a spawned run (--import): writes the process's peak memory to the file named by INVARIANCE_PEAK at its end.
import { writeFileSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

if (isMainThread) {
  process.on('exit', () => writeFileSync(process.env.INVARIANCE_PEAK, String(process.resourceUsage().maxRSS)));
}
