import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action } from "../../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../../shared/discord/definitions/define-command.ts";
import { text } from "../../../../shared/discord/definitions/options.ts";
import { scheduleBoard } from "../../boards/schedule-board.ts";
import {
  type Auction,
  MAX_DURATION_MS,
  MAX_EXTENSION_BY_MS,
  MIN_EXTENSION_BY_MS,
} from "../../domain/auction.ts";
import { durationInWords, parseDuration } from "../../domain/auction-form.ts";
import { scheduleHammer } from "../../lifecycle/ending/schedule-hammer.ts";
import { controlTexts, extendedText } from "../../messages/controls.ts";
import type { AuctionControlDeps } from "../control-deps.ts";
import { auctionOption } from "../options.ts";
import { onOwnAuction, ownAuction } from "../own-auction.ts";

const LEAST = durationInWords(MIN_EXTENSION_BY_MS);
const MOST = durationInWords(MAX_EXTENSION_BY_MS);

/** `/c500 auction extend`. */
export const extendCommand = defineCommand({
  words: "c500 auction extend",
  description: "Give bidders more time",
  options: {
    auction: auctionOption,
    by: text(`How much longer, such as 90s, 5m or 2h; ${LEAST} to ${MOST}`, {
      required: true,
      maxLength: 20,
    }),
  },
  who: "owner",
  answeredBy: "auction-control",
});

/**
 * Gives bidders more time. Idempotency: the command's id identifies the extension, so a repeat
 * moves nothing and gives the same answer. Crash safety: a repeat records and schedules the end that Redis has.
 */
export const extending = /* @__PURE__ */ action(extendCommand, {
  run: (use, { auction, by }, deps: AuctionControlDeps) =>
    onOwnAuction(use, auction, deps, (own) => extend(own, { operationId: use.id, by }, deps)),
  isBegun: async (
    use,
    { auction: named },
    deps: Pick<AuctionControlDeps, "auctions" | "auctionEngine">,
  ) => {
    const auction = await ownAuction(use, named, deps);
    if (!auction) return false;
    return (await deps.auctionEngine.extendedTo(auction.id, use.id)) !== undefined;
  },
});

async function extend(
  auction: Auction,
  { operationId, by }: { readonly operationId: string; readonly by: string },
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const byMs = parseDuration(by);
  if (byMs === undefined || byMs < MIN_EXTENSION_BY_MS || byMs > MAX_EXTENSION_BY_MS) {
    return { content: controlTexts.badExtension };
  }
  const { id, state, openedAt, endsAt } = auction;
  if (!openedAt || !endsAt) return { content: controlTexts.notRunning };
  if (!(await deps.auctionEngine.extendedTo(id, operationId))) {
    if (state !== "live") return { content: controlTexts.notRunning };
    const isTooLong = endsAt.getTime() + byMs - openedAt.getTime() > MAX_DURATION_MS;
    if (isTooLong) return { content: controlTexts.tooLong };
  }
  const extension = { operationId, auctionId: id, byMs, atLeast: endsAt };
  const result = await deps.auctionEngine.extend(extension);
  if (result === "missing") {
    await scheduleBoard(id, deps);
    return { content: controlTexts.restoring };
  }
  if (!(result instanceof Date)) return { content: controlTexts.tooLateToExtend };
  await deps.auctions.prolong(id, result);
  await scheduleHammer({ id, endsAt: result }, deps);
  await scheduleBoard(id, deps);
  return { content: extendedText(auction, result) };
}
