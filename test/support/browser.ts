// A real browser for tests of the page: Chromium from the package @sparticuz/chromium, unpacked once into a folder of
// its own, and pages that record every fault a reader could meet.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliDecompressSync } from 'node:zlib';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { existsSync } from 'node:fs';

const require = createRequire(import.meta.url);

/** Unpacks Chromium (200 MB) once a machine and version, and starts it. */
export async function openBrowser(): Promise<Browser> {
  const { executable, libraries } = await unpackedChromium();
  return chromium.launch({
    executablePath: executable,
    args: ['--no-sandbox'],
    headless: true,
    env: { ...process.env, ...(libraries === null ? {} : { LD_LIBRARY_PATH: libraries }) },
  });
}

async function unpackedChromium(): Promise<{ executable: string; libraries: string | null }> {
  const entry = require.resolve('@sparticuz/chromium');
  const home = path.join(entry.slice(0, entry.lastIndexOf(`@sparticuz${path.sep}`)), '@sparticuz', 'chromium');
  const { version } = JSON.parse(readFileSync(path.join(home, 'package.json'), 'utf8')) as { version: string };
  const folder = path.join(tmpdir(), `invariance-chromium-${version}`);
  const executable = path.join(folder, 'chromium');
  if (!existsSync(executable)) await unpack(home, folder);
  const libraries = path.join(folder, 'al2023', 'lib');
  return { executable, libraries: existsSync(libraries) ? libraries : null };
}

/** Unpacks beside the final folder and renames it, so that two test files at once don't meet a half of it. */
async function unpack(home: string, folder: string): Promise<void> {
  const before = process.env['TMPDIR'];
  const own = mkdtempSync(`${folder}-`);
  try {
    process.env['TMPDIR'] = own;
    const { default: package_ } = await import('@sparticuz/chromium');
    await package_.executablePath(path.join(home, 'bin'));
  } finally {
    if (before === undefined) delete process.env['TMPDIR'];
    else process.env['TMPDIR'] = before;
  }
  const missing = spawnSync(path.join(own, 'chromium'), ['--version']).status !== 0;
  if (missing) unpackLibraries(home, own);
  try {
    renameSync(own, folder);
  } catch {
    rmSync(own, { recursive: true, force: true });
  }
}

/** libnss3 and its kin, for machines without them. */
function unpackLibraries(home: string, folder: string): void {
  const archive = path.join(folder, 'al2023.tar');
  writeFileSync(archive, brotliDecompressSync(readFileSync(path.join(home, 'bin', 'al2023.tar.br'))));
  mkdirSync(path.join(folder, 'al2023'), { recursive: true });
  spawnSync('tar', ['-xf', archive, '-C', path.join(folder, 'al2023')]);
  rmSync(archive);
}

/** A page with what went wrong in it: console output, errors, refused or attempted requests. */
export type Opened = { readonly page: Page; readonly faults: string[]; readonly close: () => Promise<void> };

/** Opens a file of the page and waits until its script has drawn it. */
export async function openReport(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Opened> {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 900 },
    colorScheme: 'light',
    ...options,
  });
  const page = await context.newPage();
  const faults: string[] = [];
  await page.addInitScript(
    "document.addEventListener('securitypolicyviolation', (e) => console.error('policy: ' + e.violatedDirective + ' ' + e.blockedURI))",
  );
  page.on('console', (message) => faults.push(`console ${message.type()}: ${message.text()}`));
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`));
  page.on('dialog', (dialog) => {
    faults.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!/^(data|blob):/.test(request.url()) && !request.url().startsWith(url))
      faults.push(`network: ${request.url()}`);
  });
  await page.goto(url);
  await page
    .locator('html[data-ready]')
    .waitFor({ state: 'attached', timeout: 20_000 })
    .catch((error: unknown) => {
      throw new Error(`The page did not finish drawing. ${faults.join('; ')}`, { cause: error });
    });
  return { page, faults, close: () => context.close() };
}

/** Violations that axe finds with everything unfolded; injected past the page's own policy, which must stay strict. */
export async function axeViolations(page: Page): Promise<string[]> {
  await page.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Runtime.evaluate', { expression: readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8') });
  const { violations } = await page.evaluate<{
    violations: { id: string; impact: string; nodes: { html: string; failureSummary: string }[] }[];
  }>('axe.run()');
  return violations.map(
    ({ id, impact, nodes }) => `${impact} ${id}: ${nodes[0]?.html.slice(0, 160)} ${nodes[0]?.failureSummary}`,
  );
}
