// From counts to results: tests, shares and what is not uniform, a class at a time; Holm over the classes.
import type {
  ClassResult,
  ExtentResult,
  PositionResult,
  Share,
  TestName,
  UniformityTest,
  Verdict,
} from '../core/dataset.js';
import type { Unavailable } from '../core/estimate.js';
import { holmAdjusted } from '../metrics/holm.js';
import { wilsonInterval } from '../metrics/wilson.js';
import { EXTENT_BINS, gridCounts, lineOrder, spiralOrder, testedExtents } from './cells.js';
import { uniformityTest } from './chi-squared.js';
import type { Tally } from './tally.js';

/** What decides how counts are tested. */
export type Testing = { readonly lattice: number; readonly grid: number };

/** The place of each test in a class's result. */
const TESTS: Readonly<
  Record<
    TestName,
    {
      readonly of: (result: ClassResult) => UniformityTest | Unavailable;
      readonly put: (result: ClassResult, test: UniformityTest) => ClassResult;
    }
  >
> = {
  position: {
    of: (result) => result.position.test,
    put: (result, test) => ({ ...result, position: { ...result.position, test } }),
  },
  sizeAware: {
    of: (result) => result.sizeAware.test,
    put: (result, test) => ({ ...result, sizeAware: { ...result.sizeAware, test } }),
  },
  extent: {
    of: (result) => result.extent.test,
    put: (result, test) => ({ ...result, extent: { ...result.extent, test } }),
  },
  croppedPosition: {
    of: ({ cropped }) => cropped.position.test,
    put: (result, test) => ({
      ...result,
      cropped: { ...result.cropped, position: { ...result.cropped.position, test } },
    }),
  },
  croppedExtent: {
    of: ({ cropped }) => cropped.extent.test,
    put: (result, test) => ({ ...result, cropped: { ...result.cropped, extent: { ...result.cropped.extent, test } } }),
  },
};

const NAMES = Object.keys(TESTS) as TestName[];

/** One class's counts, tested; no p is adjusted yet. */
export function classResult(name: string, tally: Tally, testing: Testing): ClassResult {
  const { boxes } = tally;
  return {
    name,
    boxes,
    centre: boxes === 0 ? null : [tally.sumX / boxes, tally.sumY / boxes],
    position: positionResult(tally.position, testing),
    sizeAware: { ...positionResult(tally.sizeAware, testing), left: tally.left },
    extent: extentResult(tally.extent, tally.sumExtent),
    cropped: {
      visible: fraction(tally.visible, boxes),
      position: positionResult(tally.croppedPosition, testing),
      extent: extentResult(tally.croppedExtent, tally.sumCroppedExtent),
    },
  };
}

function positionResult(counts: Uint32Array, { lattice, grid }: Testing): PositionResult {
  return {
    test: uniformityTest(gridCounts(counts, lattice, grid), spiralOrder(grid)),
    middle: share(gridCounts(counts, lattice, 3)[4] as number, total(counts), 1 / 9),
    counts: [...counts],
  };
}

function extentResult(counts: Uint32Array, sum: number): ExtentResult {
  const tested = testedExtents(counts);
  const n = total(counts);
  return {
    test: uniformityTest(tested, lineOrder(tested.length)),
    large: share(total(counts.subarray(EXTENT_BINS / 2)), n, 1 / 2),
    mean: n === 0 ? null : sum / n,
    counts: [...counts],
  };
}

function share(part: number, n: number, uniform: number): Share | Unavailable {
  const found = fraction(part, n);
  return 'unavailable' in found ? found : { ...found, uniform };
}

function fraction(part: number, n: number): Omit<Share, 'uniform'> | Unavailable {
  if (n === 0) return { unavailable: 'none to count' };
  return { value: part / n, ...wilsonInterval(part / n, n), n };
}

function total(counts: Uint32Array): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The classes with every p adjusted over them, each kind of test apart, and how many are not uniform. */
export function adjusted(
  classes: readonly ClassResult[],
  alpha: number,
): { readonly classes: ClassResult[]; readonly verdicts: Record<TestName, Verdict> } {
  let results = [...classes];
  const verdicts = {} as Record<TestName, Verdict>;
  for (const name of NAMES) {
    const { of, put } = TESTS[name];
    const ps = holmAdjusted(results.map((result) => pOf(of(result))));
    results = results.map((result, i) => {
      const test = of(result);
      return 'unavailable' in test ? result : put(result, { ...test, pHolm: ps[i] ?? null });
    });
    const tested = ps.filter((p) => p !== null);
    verdicts[name] = {
      tested: tested.length,
      notUniform: tested.filter((p) => p < alpha).length,
      untested: results.length - tested.length,
    };
  }
  return { classes: results, verdicts };
}

function pOf(test: UniformityTest | Unavailable): number | null {
  return 'unavailable' in test ? null : test.p;
}
