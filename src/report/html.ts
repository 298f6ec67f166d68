// HTML that is safe by construction: whatever is put into a template is escaped unless it is HTML itself.

/** A piece of HTML. */
export type Html = { readonly html: string };

type Value = Html | string | number | null | undefined | false | readonly Value[];

/** Template tag: strings and numbers are escaped, nested HTML and lists of it go in as they are, null and false leave nothing. */
export function markup(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  return { html: strings.map((text, i) => text + (i < values.length ? rendered(values[i]) : '')).join('') };
}

/** Text that is HTML already and trusted: the program's own, never a name or a message. */
export function trusted(text: string): Html {
  return { html: text };
}

/** Escapes text for element content and quoted attributes. */
export function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

function rendered(value: Value): string {
  if (value === null || value === undefined || value === false) return '';
  if (typeof value === 'string') return escaped(value);
  if (typeof value === 'number') return String(value);
  if (isHtml(value)) return value.html;
  return value.map(rendered).join('');
}

function isHtml(value: Html | readonly Value[]): value is Html {
  return !Array.isArray(value);
}

/** A table whose rows begin with a header cell. */
export function table(
  caption: string | null,
  columns: readonly string[],
  rows: readonly (readonly (string | Html)[])[],
): Html {
  return markup`<table>
    ${
      caption === null
        ? null
        : markup`<caption>
            ${caption}
          </caption>`
    }
    <thead>
      <tr>
        ${columns.map((column) => markup`<th scope="col">${column}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        ([first, ...rest]) =>
          markup`<tr>
            <th scope="row">${first ?? ''}</th>
            ${rest.map((cell) => markup`<td>${cell}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

/** The numbers of a chart as a table that unfolds. */
export function dataTable(of: string, content: Html, summary = 'Data table'): Html {
  return markup`<details class="data">
    <summary>${summary}</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="Data table: ${of}">${content}</div>
  </details>`;
}
