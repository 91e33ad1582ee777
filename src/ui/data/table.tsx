import Link from "next/link";
import type { ReactNode } from "react";
import { cn } from "#cn";
import { Skeleton } from "#ui/primitives/skeleton";

export type Column<Row> = {
  key: string;
  header: ReactNode;
  cell: (row: Row) => ReactNode;
  /** Figures stand right. */
  align?: "left" | "right";
  /** A Tailwind width, such as "w-40"; the rest is shared. */
  width?: string;
  /** On a phone a row is a card: its title line, its right corner, a named line, or nothing. */
  mobile?: "title" | "corner" | "line" | "none";
};

type TableProps<Row> = {
  /** What the rows are, for screen readers. */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Makes the whole row a link; its first cell carries it. */
  rowHref?: (row: Row) => string;
  /** 36 px rows for operators; customers get 44. */
  dense?: boolean;
  className?: string;
};

/** Rows of data; below 640 px each row is a card. Its empty, loading and failed states stand in its place. */
export function Table<Row>({
  label,
  columns,
  rows,
  rowKey,
  rowHref,
  dense = false,
  className,
}: TableProps<Row>) {
  return (
    <div className={cn("overflow-x-auto rounded-[inherit]", className)}>
      <table aria-label={label} className="w-full border-collapse text-13 max-sm:block">
        <Head columns={columns} />
        <tbody className="max-sm:block">
          {rows.map((row) => (
            <tr
              key={rowKey(row)}
              className={cn(
                "group relative border-b border-line last:border-0 max-sm:grid max-sm:grid-cols-[1fr_auto] max-sm:gap-x-4 max-sm:gap-y-1 max-sm:px-4 max-sm:py-3",
                dense ? "sm:h-9" : "sm:h-11",
                rowHref && "transition-colors duration-120 hover:bg-hover has-[a:focus-visible]:bg-hover",
              )}
            >
              {columns.map((column, position) => (
                <Cell key={column.key} column={column}>
                  {rowHref && position === 0 ? (
                    <Link href={rowHref(row)} className="after:absolute after:inset-0 after:content-['']">
                      {column.cell(row)}
                    </Link>
                  ) : (
                    column.cell(row)
                  )}
                </Cell>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Head<Row>({ columns }: { columns: readonly Column<Row>[] }) {
  return (
    <thead className="max-sm:sr-only">
      <tr>
        {columns.map(({ key, header, align, width }) => (
          <th
            key={key}
            scope="col"
            className={cn(
              "sticky top-0 h-8 border-b border-line bg-surface px-3 text-12 font-medium whitespace-nowrap text-text-3 first:pl-5 last:pr-5",
              align === "right" ? "text-right" : "text-left",
              width,
            )}
          >
            {header}
          </th>
        ))}
      </tr>
    </thead>
  );
}

function Cell<Row>({ column, children }: { column: Column<Row>; children: ReactNode }) {
  const { align, mobile = "line", header } = column;
  return (
    <td
      className={cn(
        "px-3 py-1 text-text first:pl-5 last:pr-5 max-sm:p-0!",
        align === "right" && "num sm:text-right",
        mobile === "title" && "max-sm:col-start-1 max-sm:row-start-1 max-sm:text-14 max-sm:font-medium",
        mobile === "corner" && "max-sm:col-start-2 max-sm:row-start-1 max-sm:text-right",
        mobile === "line" &&
          "max-sm:col-span-2 max-sm:flex max-sm:justify-between max-sm:gap-4 max-sm:text-right max-sm:[&_code]:text-left max-sm:has-[>:nth-child(2):empty]:hidden",
        mobile === "none" && "max-sm:hidden",
      )}
    >
      {mobile === "line" && (
        <span aria-hidden="true" className="shrink-0 text-left text-text-3 sm:hidden">
          {header}
        </span>
      )}
      {children}
    </td>
  );
}

type TableSkeletonProps = { columns: number; rows?: number; dense?: boolean };

/** The table's shape while it loads. */
export function TableSkeleton({ columns, rows = 6, dense = false }: TableSkeletonProps) {
  const row = Array.from({ length: columns }, (_, column) => column);
  return (
    <div aria-hidden="true">
      <div className="h-8 border-b border-line max-sm:hidden" />
      {Array.from({ length: rows }, (_, position) => position).map((position) => (
        <div
          key={position}
          className={cn(
            "flex items-center gap-6 border-b border-line px-5 last:border-0 max-sm:h-20",
            dense ? "sm:h-9" : "sm:h-11",
          )}
        >
          {row.map((column) => (
            <Skeleton
              key={column}
              className={cn(
                "h-3.5",
                column === 0 ? "w-1/3" : "w-20",
                column > 1 && "max-sm:hidden",
                column === row.length - 1 && column > 0 && "ml-auto",
              )}
            />
          ))}
        </div>
      ))}
    </div>
  );
}
