import { computed } from "@preact/signals";
import { goTo, place } from "../../shell/router.ts";

/** Someone, and the channel they look at: its id, or "dm" for their DM with the bot. */
export interface Seat {
  readonly userId: string;
  readonly channelId: string;
}

/** How many panes stand side by side at most. */
export const MOST_PANES = 4;

/** The panes that the address names: `?pane=USER:CHANNEL&pane=…`. */
export const panes = computed<readonly Seat[]>(() =>
  place.value.query
    .getAll("pane")
    .map((pane) => /^(\d{1,20}):(\d{1,20}|dm)$/.exec(pane))
    .flatMap((match) => (match?.[1] && match[2] ? [{ userId: match[1], channelId: match[2] }] : []))
    .slice(0, MOST_PANES),
);

/** Shows these panes. */
export function showPanes(shown: readonly Seat[], how: "push" | "replace" = "push"): void {
  const query = shown.map(({ userId, channelId }) => `pane=${userId}:${channelId}`).join("&");
  goTo(query === "" ? "/discord" : `/discord?${query}`, how);
}
