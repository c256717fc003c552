import { Fragment, useState, type ReactNode } from 'react';
import { TABLE } from '../words/table.ts';
import { Field } from './field.tsx';
import parts from './parts.module.css';

export type Column<Row> = {
  readonly heading: string;
  readonly cell: (row: Row) => ReactNode;
  /** A name comes from outside and may be long; what may be done with a row stands at its end, and its heading is heard alone. */
  readonly kind?: 'name' | 'do';
  /** Shown while the pointer rests on the cell. */
  readonly hover?: (row: Row) => string;
};

type Props<Row> = {
  /** What the table holds, for those who hear it. */
  readonly caption: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly rowKey: (row: Row) => string | number;
  /** Lines that belong to a row and stand under it, over its whole width. */
  readonly under?: (row: Row) => readonly ReactNode[];
  /** Makes long lists searchable: what is asked for, and the text of a row that is looked through. */
  readonly filter?: { readonly label: string; readonly text: (row: Row) => string };
};

/** As many rows are seen at a glance; from more on a list can be searched. */
const GLANCE = 10;
/** More rows help nobody; the rest is counted. */
const MAX_ROWS = 200;

/** Rows under headings. A long list has a field above it that keeps only what fits. */
export function Table<Row>({ caption, columns, rows, rowKey, under, filter }: Props<Row>) {
  const [sought, setSought] = useState('');
  const isSearchable = filter !== undefined && rows.length > GLANCE;
  const found = isSearchable ? rows.filter((row) => holds(filter.text(row), sought)) : rows;
  const rest = found.length - MAX_ROWS;
  return (
    <>
      {isSearchable ? (
        <div className={parts.find}>
          <Field label={filter.label} value={sought} onChange={setSought} maxLength={256} />
          <p className={parts.note} role="status">
            {TABLE.found(found.length, rows.length)}
          </p>
        </div>
      ) : null}
      <div className={parts.scroll}>
        <table className={parts.table}>
          <caption className={parts.hidden}>{caption}</caption>
          <thead>
            <tr>
              {columns.map(({ heading, kind }) => (
                <th key={heading} scope="col">
                  {kind === 'do' ? <span className={parts.hidden}>{heading}</span> : heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {found.slice(0, MAX_ROWS).map((row) => (
              <Fragment key={rowKey(row)}>
                <tr>
                  {columns.map(({ heading, kind, cell, hover }) => (
                    <td key={heading} className={kind === undefined ? undefined : parts[kind]} title={hover?.(row)}>
                      {cell(row)}
                    </td>
                  ))}
                </tr>
                {(under?.(row) ?? []).map((line, index) => (
                  <tr key={index} className={parts.under}>
                    <td colSpan={columns.length} className={parts.name}>
                      {line}
                    </td>
                  </tr>
                ))}
              </Fragment>
            ))}
          </tbody>
        </table>
        {rest > 0 ? <p className={parts.note}>{TABLE.more(rest)}</p> : null}
      </div>
    </>
  );
}

function holds(text: string, sought: string): boolean {
  return text.toLowerCase().includes(sought.trim().toLowerCase());
}
