import type { ComponentChildren } from "preact";
import { Link } from "../navigation";

export interface Column {
  name: string;
  /** "number": to the right; "wide": only where there is room. */
  kind?: string;
}

interface TableProps {
  caption: string;
  columns: readonly Column[];
  children: ComponentChildren;
}

/** Rows are the children; a cell's class repeats its column's kind. */
export const Table = ({ caption, columns, children }: TableProps) => (
  <div class="table" tabIndex={0} role="region" aria-label={caption}>
    <table>
      <caption>{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ name, kind }) => (
            <th key={name} scope="col" class={kind}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  </div>
);

interface PagerProps {
  path: string;
  before: number | undefined;
  next: number | null;
}

export function Pager({ path, before, next }: PagerProps) {
  if (before === undefined && next === null) return null;
  return (
    <nav class="pager" aria-label="Pages">
      {before !== undefined && (
        <Link to={path} class="button">
          Newest
        </Link>
      )}
      {next !== null && (
        <Link to={`${path}?before=${next}`} class="button">
          Older
        </Link>
      )}
    </nav>
  );
}
