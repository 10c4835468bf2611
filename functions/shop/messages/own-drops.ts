import type { Button, OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, plain, relativeTime } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import {
  closeDropButton,
  discardButton,
  openDraftButton,
  removePicturesButton,
  reopenDropButton,
  unscheduleButton,
} from "../commands/buttons.ts";
import { dropEditButton } from "../commands/drops/drop-edit-form.ts";
import { type Drop, isHidden, pictureCount, postUrl, type StockLevel } from "../domain/drop.ts";
import type { DropChange } from "../domain/drop-change.ts";
import { discardedText, draftText } from "./drafts.ts";
import { type DropView, dropDetails } from "./drops.ts";

/** The builder's answer once a drop is up. */
export function dropOpenedText(drop: Drop, channelId: string): string {
  return `🎉 **${plain(drop.title, 100)}** is up in <#${channelId}>: ${drop.stock} at ${formatMoney(drop.price, drop.currency)}. Use \`/c500 drops\` to edit, close, restock or reprice it.`;
}

/** The builder's answer to a change. */
export function dropChangedText({ drop, stock }: OwnDrop, change: DropChange): string {
  const name = `**${plain(drop.title, 100)}**`;
  switch (change.kind) {
    case "close":
      return `${name} is off sale. Units that are already reserved can still be paid for; \`reopen\` puts the rest back on sale.`;
    case "reopen":
      return stock.free > 0
        ? `${name} is on sale again: ${unitsText(stock.free)} left.`
        : `${name} is open again, but no units are left. Add some with \`restock\`.`;
    case "edit":
      return `${name} is up to date; its post and its page follow in a moment. What is already bought or being paid for keeps the title it had.`;
    case "price":
      return `${name} costs ${formatMoney(drop.price, drop.currency)} from now on. Units that are already reserved keep their price.`;
    case "limit":
      return `One buyer may have ${unitsText(drop.limitPerBuyer)} of ${name} from now on.`;
    case "restock":
      return `${name} has ${change.quantity} more: ${drop.stock} in all.`;
    case "schedule":
      return draftText(drop);
    case "discard":
      return discardedText(drop);
  }
}

function unitsText(count: number): string {
  return count === 1 ? "1 unit" : `${count} units`;
}

/** A drop as its builder sees it. */
export interface OwnDrop {
  readonly drop: Drop;
  readonly stock: StockLevel;
}

/** A builder's drops, newest first. */
export function dropList(own: readonly OwnDrop[]): OutgoingMessage {
  if (own.length === 0) {
    return { content: "You have no drops yet. `/c500 drop` opens the form for your first." };
  }
  return {
    embeds: [
      {
        title: "Your drops",
        color: colours.peach,
        description: own.map(dropLine).join("\n"),
        footer: { text: "/c500 drops with a drop: edit, close, reopen, restock or reprice it" },
      },
    ],
  };
}

function dropLine({ drop, stock }: OwnDrop): string {
  const state = stateText({ drop, stock });
  const price = formatMoney(drop.price, drop.currency);
  return `**${plain(drop.title, 60)}** · ${price} · ${state} · ${soldText(stock)}`;
}

function stateText({ drop, stock }: OwnDrop): string {
  if (isHidden(drop)) return drop.opensAt ? `draft, opens ${relativeTime(drop.opensAt)}` : "draft";
  if (drop.isClosed) return "closed";
  return stock.free === 0 ? "sold out" : `${stock.free} left`;
}

function soldText({ sold, reserved }: StockLevel): string {
  return `${sold} sold, ${reserved} reserved`;
}

/** A drop's control panel: all about it, and buttons for what its builder can do. */
export function dropPanel(view: DropView, guildId: string): OutgoingMessage {
  const { drop, stock } = view;
  const { embeds = [] } = dropDetails(view);
  const dropId = drop.id;
  const buttons: Button[] = [
    { label: "Edit", id: dropEditButton.id({ dropId }), style: "primary" },
    drop.isClosed
      ? { label: "Reopen", id: reopenDropButton.id({ dropId }), style: "success" }
      : { label: "Close", id: closeDropButton.id({ dropId }), style: "danger" },
    ...removePictures(drop),
    ...(drop.post ? [{ label: "Open its post", url: postUrl(drop.post, guildId) }] : []),
  ];
  return {
    content: `Your drop: ${soldText(stock)}. \`/c500 drops\` also takes \`restock\` and \`price\` for it.`,
    embeds,
    buttons,
  };
}

function removePictures(drop: Drop): Button[] {
  if (pictureCount(drop) === 0) return [];
  const id = removePicturesButton.id({ dropId: drop.id });
  return [{ label: "Remove pictures", id, style: "secondary" }];
}

/** The same of a draft. */
export function draftPanel(view: DropView): OutgoingMessage {
  const { drop } = view;
  const dropId = drop.id;
  // As it will be shown: a draft is closed only because it is one.
  const opened = { ...drop, isClosed: false };
  const { embeds = [] } = dropDetails({ ...view, drop: opened });
  const unschedule: Button = {
    label: "Don't open by itself",
    id: unscheduleButton.id({ dropId }),
    style: "secondary",
  };
  return {
    content: draftText(drop),
    embeds,
    buttons: [
      { label: "Open now", id: openDraftButton.id({ dropId }), style: "success" },
      { label: "Edit", id: dropEditButton.id({ dropId }), style: "primary" },
      ...(drop.opensAt ? [unschedule] : []),
      ...removePictures(drop),
      { label: "Throw away", id: discardButton.id({ dropId }), style: "danger" },
    ],
  };
}
