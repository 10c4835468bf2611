import * as z from "zod/mini";

/** Where a page ended: the time that its list is sorted by, and the id, of its last row. */
export interface Cursor {
  readonly at: Date;
  readonly id: string;
}

const CURSOR = /^(\d{1,14})\.([A-Za-z0-9_-]{1,200})$/;

/** The cursor that an answer before had in its field `name`. */
export function cursorField(name: string) {
  return z.optional(
    z.string().check(
      z.refine((text) => readCursor(text) !== undefined),
      z.describe(`\`${name}\` of the page before`),
    ),
  );
}

/** The cursor in a request; undefined for the first page. */
export function readCursor(text = ""): Cursor | undefined {
  const [, ms, id] = CURSOR.exec(Buffer.from(text, "base64url").toString()) ?? [];
  return ms === undefined || id === undefined ? undefined : { at: new Date(Number(ms)), id };
}

/** The cursor in an answer; null at the list's end. */
export function writtenCursor(cursor: Cursor | undefined): string | null {
  return cursor ? Buffer.from(`${cursor.at.getTime()}.${cursor.id}`).toString("base64url") : null;
}
