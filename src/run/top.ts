// The k likeliest classes without sorting them all.

/** Indices of the `k` largest values, largest first; of equals the lower index first. */
export function highest(values: ArrayLike<number>, k: number): number[] {
  const top: number[] = [];
  let threshold = -Infinity;
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (top.length === k && value <= threshold) continue;
    let place = top.length;
    while (place > 0 && (values[top[place - 1] as number] as number) < value) place--;
    top.splice(place, 0, i);
    if (top.length > k) top.pop();
    threshold = values[top[top.length - 1] as number] as number;
  }
  return top;
}
