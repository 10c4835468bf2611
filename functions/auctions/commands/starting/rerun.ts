import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import { defineCommand } from "../../../../shared/discord/definitions/define-command.ts";
import { builderWords, standingRefusal } from "../../../members/messages/access.ts";
import { sayWhereFirstText } from "../../../shipping/messages/terms.ts";
import { freshPicture } from "../../boards/keep-picture.ts";
import { scheduleBoard } from "../../boards/schedule-board.ts";
import { type Auction, isResultStanding, termsOf } from "../../domain/auction.ts";
import { isPayable } from "../../lifecycle/settlement/claim-checkout.ts";
import { controlTexts } from "../../messages/controls.ts";
import { ranAgainText } from "../../messages/opening.ts";
import type { AuctionControlDeps } from "../control-deps.ts";
import { auctionOption } from "../options.ts";
import { onOwnAuction } from "../own-auction.ts";
import { begin, isTaken } from "./begin.ts";

/** `/c500 auction rerun`. */
export const rerunCommand = defineCommand({
  words: "c500 auction rerun",
  description: "Run an auction again in this channel",
  options: { auction: auctionOption },
  who: "builder-or-staff",
  postsHere: true,
  limit: "auctions",
  answeredBy: "auction-control",
});

/**
 * Runs an auction again with the same terms, from now on, in the channel where it is typed, because Discord
 * reports only for that channel whether the user may post there. An old list or message cannot rerun an item twice.
 * Crash safety: a repeat finds the auction that was created, and opens it.
 */
export const rerunning = /* @__PURE__ */ action(rerunCommand, {
  run: (use, { auction }, deps: AuctionControlDeps) =>
    onOwnAuction(use, auction, deps, (own) => rerun(own, use, deps)),
  isBegun: async ({ id }, _values, { auctions }: Pick<AuctionControlDeps, "auctions">) =>
    (await auctions.get(id)) !== undefined,
});

async function rerun(
  before: Auction,
  use: CommandUse,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  if (before.state === "planned" || before.state === "live")
    return { content: controlTexts.notOver };
  if (isResultStanding(before)) return { content: controlTexts.isSold };
  const other = await otherRerun(before, use.id, deps);
  if (other) return { content: ranAgainText(other) };
  const { channelId } = use;
  if (!channelId) return { content: controlTexts.noChannel };
  const known = await deps.auctions.get(use.id);
  const isOwn = before.builderId === use.userId;
  const refusal = standingRefusal(await deps.builders.standing(before.builderId), builderWords);
  if (!known && refusal !== undefined) {
    return { content: isOwn ? refusal : controlTexts.builderNotApproved };
  }
  if (!known && !(await isPayable(before, deps))) {
    return { content: isOwn ? controlTexts.noAccount : controlTexts.builderNoAccount };
  }
  const shipping = before.shipping ?? (await termsOfBuilder(before, deps));
  if (!known && !shipping) {
    return { content: isOwn ? sayWhereFirstText : controlTexts.builderNoTerms };
  }
  if (!known && (await isTaken(channelId, deps))) return { content: controlTexts.busy };
  const createdAt = deps.clock.now();
  const imageUrl = before.imageUrl && (await freshPicture(before, deps));
  const terms = { ...termsOf(before), shipping };
  const again = { id: use.id, terms, opens: "now", createdAt, imageUrl, channelId } as const;
  const created = await deps.auctions.createRerun(before.id, again);
  if (created === "sold") return { content: controlTexts.isSold };
  if (created !== "created") return { content: ranAgainText(created) };
  // Its board may still announce an opening: it could not be edited while we were not allowed to post there.
  if (before.couldNotOpen) await scheduleBoard(before.id, deps);
  return begin(use.id, deps);
}

/** The auction that another command has run an item again as. */
async function otherRerun(
  { rerunId }: Auction,
  commandId: string,
  { auctions }: Pick<AuctionControlDeps, "auctions">,
): Promise<Auction | undefined> {
  return rerunId === undefined || rerunId === commandId ? undefined : auctions.get(rerunId);
}

function termsOfBuilder(
  { builderId, currency }: Auction,
  { buildersTerms }: Pick<AuctionControlDeps, "buildersTerms">,
) {
  return buildersTerms.forNew(builderId, currency);
}
