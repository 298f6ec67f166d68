import { expect, test } from 'vitest';
import { parseShiftSet, shiftSetNames } from '../../src/core/shift-sets.js';

const written = (text: string): string[] => parseShiftSet(text, '--export').shifts.map(({ dx, dy }) => `${dx},${dy}`);

test('the named sets are those that were measured', () => {
  expect(shiftSetNames).toEqual(['grid2', 'grid4', 'quin8', 'lat8']);
  expect(written('grid2')).toEqual(['0,0', '1,1']);
  expect(written('grid4').sort()).toEqual(['0,0', '0,1', '1,0', '1,1']);
  expect(written('quin8').sort()).toEqual(['-1,-1', '-1,1', '0,0', '0,2', '1,-1', '1,1', '2,0', '2,2']);
  expect(written('lat8').sort()).toEqual(['-1,-3', '-2,2', '-3,-1', '-4,-4', '0,0', '1,3', '2,-2', '3,1']);
});

test('a set may be written down', () => {
  expect(parseShiftSet(' 0,0; 1,0 ;+0,-2', '--export')).toEqual({
    name: '0,0;1,0;0,-2',
    shifts: [
      { dx: 0, dy: 0 },
      { dx: 1, dy: 0 },
      { dx: 0, dy: -2 },
    ],
  });
});

test.each([
  ['grid3', /Unknown set of shifts for --export "grid3"\. Did you mean "grid2" or "grid4"\?/],
  ['constructor', /Unknown set of shifts/],
  ['0,0;1', /Expected shifts "dx,dy;dx,dy;…" .* for --export but received "1"/],
  ['0,0', /Expected 2 to 64 shifts for --export but received 1/],
  ['0,0;99,0', /from -64 to 64 for --export but received "99,0"/],
  ['0,0;-0,0', /Expected each shift once for --export but received "0,0"/],
])('%s is refused in words', (text, message) => {
  expect(() => parseShiftSet(text, '--export')).toThrow(message);
});
