import { html, type SafeHtml } from "@remix-run/html-template";
import { type Cursor, cursorText } from "../../domain/desk-cursor.ts";

/** The lists of the desk, by their name in the address. */
export const deskLists = {
  ship: "To ship",
  build: "To build",
  sent: "Shipped",
  arrived: "Arrived",
} as const;

export type DeskList = keyof typeof deskLists;

/** The links to the lists of the desk. */
export function deskNavigation(current: DeskList): SafeHtml {
  const lists = Object.entries(deskLists).map(([list, name]) =>
    list === current
      ? html`<a href="/desk?list=${list}" aria-current="page">${name}</a>`
      : html`<a href="/desk?list=${list}">${name}</a>`,
  );
  return html`<nav class="tabs" aria-label="Desk">${lists}</nav>`;
}

/** The field that searches a list. */
export function searchForm(list: DeskList, search: string): SafeHtml {
  return html`<form class="search" method="get" action="/desk" role="search">
<input type="hidden" name="list" value="${list}">
<label for="search">Order id or title</label>
<input id="search" name="search" type="search" maxlength="100" value="${search}">
<button class="button">Search</button>
</form>`;
}

/** The link to the rows behind a cursor, if there are any. */
export function nextPart(list: DeskList, search: string, next: Cursor | undefined): SafeHtml {
  if (!next) return html``;
  const query = new URLSearchParams({ list, after: cursorText(next) });
  if (search !== "") query.set("search", search);
  return html`<p><a class="button" href="/desk?${String(query)}">More</a></p>`;
}
