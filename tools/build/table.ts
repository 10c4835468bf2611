import { table } from "../cli/table.ts";
import type { LastBuild, Measured } from "./last-build.ts";

const KILOBYTE = 1000;
const HEADS = ["function", "code", "", "zip", "", "cold start", "", "content"];
/** The first and last column are words, the others numbers. */
const isNumber = (column: number) => column > 0 && column < HEADS.length - 1;

/** A build as lines of text, each function beside its last build: what it is, and how much it changed. */
export function tableOf(built: readonly Measured[], before: LastBuild): string[] {
  const rows = built.map((measured) => rowOf(measured, before[measured.name]));
  return table(HEADS, rows, isNumber);
}

function rowOf(now: Measured, before: Measured | undefined): string[] {
  return [
    now.name,
    ...beside(now.codeBytes, before?.codeBytes, KILOBYTE, "kB"),
    ...beside(now.zipBytes, before?.zipBytes, KILOBYTE, "kB"),
    ...beside(now.coldStartMs, before?.coldStartMs, 1, "ms"),
    before === undefined ? "new" : now.sha256 === before.sha256 ? "same" : "changed",
  ];
}

/** A number, and by how much it is another one than before. */
function beside(
  now: number | undefined,
  before: number | undefined,
  unit: number,
  name: string,
): string[] {
  if (now === undefined) return ["", ""];
  const text = `${(now / unit).toFixed(0)} ${name}`;
  if (before === undefined) return [text, ""];
  const change = ((now - before) / unit).toFixed(unit === 1 ? 0 : 1);
  if (Number(change) === 0) return [text, "="];
  return [text, now > before ? `+${change}` : change];
}
