// Numbers of a film's frames: which are neighbours, and which are missing.

/** The distance between neighbouring frames: the least one between numbers; 1 where there are fewer than two. */
export function frameStep(numbers: readonly number[]): number {
  const gaps = numbers.slice(1).map((number, i) => number - (numbers[i] as number));
  return gaps.length === 0 ? 1 : Math.min(...gaps);
}

/**
 * Numbers that are missing between the first and the last, as texts: "7", "12–15".
 *
 * @param numbers ascending
 */
export function missingFrames(numbers: readonly number[]): string[] {
  const step = frameStep(numbers);
  return numbers.slice(1).flatMap((number, i) => {
    const [first, last] = [(numbers[i] as number) + step, number - step];
    if (first > last) return first < number ? [`between ${numbers[i]} and ${number}`] : [];
    return [first === last ? String(first) : `${first}–${last}`];
  });
}
