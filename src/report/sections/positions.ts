// Where in the frame a model knows its objects: means over pictures at every position of a grid.
import { hasPositionMeans, positionMeasure, positionRows } from '../charts/position-map.js';
import type { Facts } from '../facts.js';
import { capital, percent } from '../format.js';
import { dataTable, markup, table } from '../html.js';
import { RAMP_STEPS } from '../theme.js';
import { modelOptions, rampKey, whole, type SectionMaker } from './section.js';
import type { GridLayout } from '../layout.js';

export const positions: SectionMaker = (facts) => {
  const { layout, names } = facts;
  if (layout.kind !== 'grid' || !hasPositionMeans(facts)) return null;
  const { name, domain } = positionMeasure(facts);
  const sides = names.length > 1 ? ['left', 'right'] : ['left'];
  const tables = names.map((model, i) => {
    const rows = positionRows(facts, i, layout);
    return table(
      model,
      ['Position (right, down)', capital(name), ...(facts.labelled ? ['Accuracy'] : [])],
      rows.map(({ place, value, accuracy }) => [
        String(place),
        percent(value === null ? null : Number(value)),
        ...(facts.labelled ? [percent(accuracy === null ? null : Number(accuracy))] : []),
      ]),
    );
  });
  const content = markup`<h2>Where in the frame it holds</h2>
    <p class="lead">
      Each cell is a position of the object, its colour the ${name} over all pictures. A model that did not care where
      the object is would show one even colour. ${whole(spread(facts, layout), names)}
    </p>
    <div class="heatbar">${rampKey(capital(name), percent(domain[0], 0), percent(domain[1], 0), RAMP_STEPS)}</div>
    <div class="heats ${sides.length > 1 ? '' : 'single'}">
      ${sides.map(
        (side) =>
          markup`<figure>
            <figcaption>
              <label class="sr" for="map-${side}-model">Model of the ${side} map</label
              ><select id="map-${side}-model">
                ${modelOptions(names)}
              </select>
            </figcaption>
            <div
              id="map-${side}"
              class="map"
              role="img"
              aria-label="Map of positions; the data table below has the numbers"
            ></div>
          </figure>`,
      )}
    </div>
    ${dataTable('positions', markup`${tables}`)}`;
  return { id: 'positions', nav: 'Positions', content };
};

/** How far the best and the worst position of each model lie apart. */
function spread(facts: Facts, layout: GridLayout): string {
  const parts = facts.names.slice(0, 4).flatMap((name, i) => {
    const rows = positionRows(facts, i, layout).filter(({ value }) => value !== null);
    if (rows.length === 0) return [];
    const by = rows.toSorted((a, b) => Number(a['value']) - Number(b['value']));
    const [worst, best] = [by[0], by.at(-1)];
    return [
      `For ${name} it runs from ${percent(Number(worst?.['value']))} at ${String(worst?.['place'])} to ${percent(Number(best?.['value']))} at ${String(best?.['place'])}.`,
    ];
  });
  return parts.join(' ');
}
