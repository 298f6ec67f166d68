import { expect, it } from 'vitest';
import { dataTable, markup, table, trusted } from '../../src/report/html.js';
import { csvOf } from '../../src/report/observations-csv.js';
import { whole } from '../../src/report/sections/section.js';

const nasty = `<img src=x onerror="alert('1')">&`;

it('escapes every string', () => {
  expect(markup`<b title="${nasty}">${nasty}</b>`.html).toBe(
    '<b title="&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;">&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp;</b>',
  );
});

it('takes HTML as it is, lists in order, and nothing for null and false', () => {
  expect(markup`${[markup`<i>1</i>`, ['2', 3]]}${null}${false}${undefined}${trusted('<hr>')}`.html).toBe(
    '<i>1</i>23<hr>',
  );
});

it('escapes what goes into tables', () => {
  const content = dataTable('x', table('<c>', ['<h>'], [['<r>', '<d>']])).html;
  expect(content).not.toMatch(/<[chrd]>/);
  expect(content).toContain('&lt;d&gt;');
});

it('marks model names whole, the longer of two that share a beginning first', () => {
  expect(whole('net and net-2 differ', ['net', 'net-2']).html).toBe(
    '<span class="mn">net</span> and <span class="mn">net-2</span> differ',
  );
});

it('quotes CSV', () => {
  const row = {
    model: 'a',
    picture: 'x "1", y.jpg',
    view: '−3',
    top1: null,
    top1Probability: null,
    label: 'cat',
    followed: 'cat',
    followedProbability: 0.25,
  };
  expect(csvOf([row]).split('\r\n').slice(1)).toEqual(['"a","x ""1"", y.jpg","-3",,,"cat","cat",0.25', '']);
});
