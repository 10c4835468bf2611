import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { plain } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { leaveListButton } from "../commands/buttons.ts";
import type { Drop, StockLevel } from "../domain/drop.ts";

const name = ({ title }: Pick<Drop, "title">) => `**${plain(title, 100)}**`;

/** The answer to Notify me. */
export function onTheList(drop: Pick<Drop, "id" | "title">, isNew: boolean): OutgoingMessage {
  const begin = isNew ? "🔔 You're on the list" : "🔔 You're on the list already";
  return {
    content: `${begin}: I'll send you one message when ${name(drop)} has units again. Nothing is reserved for you, and the first on the list are notified first. I can only reach you while your direct messages are open.`,
    buttons: [
      {
        label: "Don't notify me",
        id: leaveListButton.id({ dropId: drop.id }),
        style: "secondary",
      },
    ],
  };
}

/** Answers about the list of those who wait for a drop. */
export const waitingTexts = {
  "not-found":
    "I can't find that drop any more. Look in the marketplace channel to see what is on sale.",
  left: "You're off the list, and I won't send you anything about that drop. Press Notify me under it to join again.",
  "in-stock": "There are units left right now: press Buy Now under the drop.",
  closed: "This drop is closed. Look in the marketplace channel to see what else is on sale.",
  "own-drop": "This is your own drop. To add units, use `/c500 drops` with it and `restock`.",
} as const;

/** Notifies someone that a drop has units again. */
export function backInStock(drop: Drop, { free }: StockLevel, url: string): OutgoingMessage {
  const units = free === 1 ? "1 unit" : `${free} units`;
  return {
    content: `🔔 ${name(drop)} is back: ${units} at ${formatMoney(drop.price, drop.currency)}. Nothing is reserved for you, so be quick. You're off the list now; press Notify me under the drop to join it again.`,
    buttons: [{ label: "Open the drop", url }],
  };
}
