import { computed, effect, signal } from "@preact/signals";

const address = signal(location.pathname + location.search);
addEventListener("popstate", () => {
  address.value = location.pathname + location.search;
});

/** The current place: the path, such as "/discord", and what its query names. */
export const place = computed(() => {
  const url = new URL(address.value, location.origin);
  return { path: url.pathname, query: url.searchParams };
});

/** The newest address of each path, so that a page is found again as it was left. */
const latest = signal<Readonly<Record<string, string>>>({});
effect(() => {
  const { path } = place.value;
  latest.value = { ...latest.peek(), [path]: address.value };
});

/** Where a page was left, or its beginning. */
export const latestOf = (path: string): string => latest.value[path] ?? path;

/** Goes to a place of the studio, or changes its query without a step in the history. */
export function goTo(to: string, how: "push" | "replace" = "push"): void {
  if (how === "push") history.pushState(null, "", to);
  else history.replaceState(null, "", to);
  address.value = to;
}

/** Follows links within the studio without loading the page again. */
export function followLinks(event: MouseEvent): void {
  const isPlain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey;
  const link = (event.target as Element | null)?.closest("a");
  if (!isPlain || !link || link.target !== "" || link.origin !== location.origin) return;
  // A part of the same page.
  if (link.hash !== "") return;
  event.preventDefault();
  goTo(link.pathname + link.search);
}
