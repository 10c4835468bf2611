import { readId } from "../../../shared/documents/outside-id.ts";

/** A row of a list: the time that the list is sorted by, and its id. */
export interface Cursor {
  readonly at: Date;
  readonly id: string;
}

/** A cursor in an address. */
export function cursorText({ at, id }: Cursor): string {
  return `${at.getTime()}.${id}`;
}

/** The cursor in an address; undefined if it is none. Firestore has no times behind the year 9999. */
export function readCursor(text: string | null): Cursor | undefined {
  const [, ms, typed] = /^(\d{1,14})\.(.{1,200})$/.exec(text ?? "") ?? [];
  const id = readId(typed);
  return ms === undefined || id === undefined ? undefined : { at: new Date(Number(ms)), id };
}
