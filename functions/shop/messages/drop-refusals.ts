import { sayWhereFirstText } from "../../shipping/messages/terms.ts";

/** Why a drop was not opened or changed, and what to do next. */
export const dropRefusalTexts = {
  "no-account":
    "Before you can sell, I need somewhere to send your money. Run `/c500 payouts`, finish the form at Stripe, then press Fix it and send this drop again.",
  "no-terms": `${sayWhereFirstText} Then press Fix it and send this drop again.`,
  "picture-gone":
    "I couldn't get the picture from Discord. Press Fix it and choose the picture again: everything else is still there.",
  "not-found": "I can't find that drop among yours. Pick one from the list that opens as you type.",
  "never-posted":
    "That drop was never posted, so nobody could see it. Put it up again with `/c500 drop`.",
  "drop-without-terms":
    "That drop doesn't say where it ships. Set that with `/c500 shipping` and its `drop`, then try again.",
  "post-gone":
    "I can't find that drop's post any more, or may not edit it, so its pictures stay as they are. Ask a server admin to give me **View Channel** and **Send Messages** in the marketplace channel, or put the drop up again with `/c500 drop`.",
  "which-drop": "Pick the drop to change with the `drop` option; it lists yours as you type.",
  "several-changes":
    "One change at a time, please: `close`, `reopen`, `restock`, `price`, `limit` or `opens`.",
} as const;

/** The answer to more units than a drop can have; `room` is how many can still be added. */
export function noRoomText(room: number): string {
  if (room <= 0) return "That drop already has as many units as a drop can have.";
  return `There is room for ${room} more ${room === 1 ? "unit" : "units"} in that drop.`;
}
