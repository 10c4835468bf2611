import { html, type SafeHtml } from "@remix-run/html-template";
import { type Cursor, cursorText } from "../../domain/desk-cursor.ts";

/** The lists of the desk, by their name in the address. */
export const deskLists = {
  ship: "To ship",
  build: "To build",
  sent: "Shipped",
  arrived: "Arrived",
  problems: "Problems",
} as const;

export type DeskList = keyof typeof deskLists;

/** The list that an address names; what is to be shipped if it names none. */
export function readList(typed: string | null): DeskList {
  return Object.keys(deskLists).find((list): list is DeskList => list === typed) ?? "ship";
}

/** Which desk: its path, and what its links keep. */
export interface DeskPlace {
  readonly path: string;
  readonly kept: Readonly<Record<string, string>>;
}

/** The desk of the builder who is signed in. */
export const OWN_DESK: DeskPlace = { path: "/desk", kept: {} };

/** The address of a part of a desk. */
export function deskLink(
  { path, kept }: DeskPlace,
  query: Readonly<Record<string, string>>,
): string {
  return `${path}?${String(new URLSearchParams({ ...kept, ...query }))}`;
}

/** The links to the lists of a desk. */
export function deskNavigation(place: DeskPlace, current: DeskList): SafeHtml {
  const lists = Object.entries(deskLists).map(([list, name]) =>
    list === current
      ? html`<a href="${deskLink(place, { list })}" aria-current="page">${name}</a>`
      : html`<a href="${deskLink(place, { list })}">${name}</a>`,
  );
  return html`<nav class="tabs" aria-label="Desk">${lists}</nav>`;
}

/** The field that searches a list. */
export function searchForm({ path, kept }: DeskPlace, list: DeskList, search: string): SafeHtml {
  const fields = Object.entries({ ...kept, list });
  return html`<form class="search" method="get" action="${path}" role="search">
${fields.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}">`)}
<label for="search">Order id or title</label>
<input id="search" name="search" type="search" maxlength="100" value="${search}">
<button class="button">Search</button>
</form>`;
}

/** The link to the rows behind a cursor, if there are any. */
export function nextPart(
  place: DeskPlace,
  { list, search }: { readonly list: DeskList; readonly search: string },
  next: Cursor | undefined,
): SafeHtml {
  if (!next) return html``;
  const query = { list, after: cursorText(next), ...(search !== "" && { search }) };
  return html`<p><a class="button" href="${deskLink(place, query)}">More</a></p>`;
}
