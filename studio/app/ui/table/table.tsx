import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { useFlash } from "../flash.ts";
import "./table.css";

/** A column: its heading, and what a row shows in it. */
export interface Column<Row> {
  readonly title: string;
  /** Only screen readers meet the heading: what the column is for is plain to see. */
  readonly isTitleHidden?: boolean;
  readonly cell: (row: Row) => ComponentChildren;
  /** "end" for numbers, "wide" for the column that takes the rest. */
  readonly kind?: "end" | "wide" | undefined;
}

interface TableProps<Row> {
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Changes when the row's content did, which highlights it. */
  readonly stampOf?: ((row: Row) => string | number) | undefined;
  readonly selected?: string | undefined;
  readonly onOpen?: ((row: Row) => void) | undefined;
  /** What to do to have something here. */
  readonly empty: ComponentChildren;
}

/** A table whose rows are reached with the arrow keys and opened with Enter. */
export function Table<Row>(props: TableProps<Row>) {
  const { label, columns, rows, keyOf, selected, onOpen, stampOf, empty } = props;
  // Rows that appear after the first ones are new.
  const first = useRef<ReadonlySet<string> | undefined>(undefined);
  if (rows.length > 0) first.current ??= new Set(rows.map(keyOf));
  if (rows.length === 0) return <p class="quiet empty">{empty}</p>;
  const reachable = rows.some((row) => keyOf(row) === selected) ? selected : keyOf(rows[0] as Row);
  return (
    <div class="table">
      <table aria-label={label}>
        <thead>
          <tr>
            {columns.map(({ title, isTitleHidden, kind }) => (
              <th key={title} scope="col" class={kind}>
                {isTitleHidden ? <span class="hidden">{title}</span> : title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => {
            const key = keyOf(row);
            return (
              <TableRow
                key={key}
                stamp={stampOf?.(row) ?? ""}
                isNew={stampOf !== undefined && !first.current?.has(key)}
                isSelected={key === selected}
                isReachable={key === reachable}
                onOpen={onOpen && (() => onOpen(row))}
              >
                {columns.map(({ title, isTitleHidden, cell, kind }) => (
                  <td
                    key={title}
                    class={kind}
                    data-title={isTitleHidden || kind === "wide" ? undefined : title}
                  >
                    {cell(row)}
                  </td>
                ))}
              </TableRow>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function TableRow({
  stamp,
  isNew,
  isSelected,
  isReachable,
  onOpen,
  children,
}: {
  readonly stamp: string | number;
  readonly isNew: boolean;
  readonly isSelected: boolean;
  readonly isReachable: boolean;
  readonly onOpen: (() => void) | undefined;
  readonly children: ComponentChildren;
}) {
  const flash = useFlash(stamp, isNew);
  if (!onOpen) return <tr class={flash}>{children}</tr>;
  return (
    <tr
      class={`opens ${flash}`}
      tabIndex={isReachable ? 0 : -1}
      aria-current={isSelected ? "true" : undefined}
      onClick={(event) => {
        const isControl = event.target instanceof Element && event.target.closest("a, button");
        if (!isControl) onOpen();
      }}
      onKeyDown={(event) => {
        if (event.target !== event.currentTarget) return;
        if (event.key === "Enter" || event.key === " ") {
          event.preventDefault();
          onOpen();
        }
        const next = neighbour(event.currentTarget, event.key);
        if (!(next instanceof HTMLElement)) return;
        event.preventDefault();
        next.focus();
      }}
    >
      {children}
    </tr>
  );
}

function neighbour(row: Element, key: string): Element | null | undefined {
  switch (key) {
    case "ArrowDown":
      return row.nextElementSibling;
    case "ArrowUp":
      return row.previousElementSibling;
    case "Home":
      return row.parentElement?.firstElementChild;
    case "End":
      return row.parentElement?.lastElementChild;
    default:
      return undefined;
  }
}
