import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import type { DiscordCommand } from "../../../shared/events/discord-command.ts";
import { builderWords, standingRefusal } from "../../members/messages/access.ts";
import { freshPicture } from "../boards/keep-picture.ts";
import { placeBoard } from "../boards/place-board.ts";
import { scheduleBoard } from "../boards/schedule-board.ts";
import { type Auction, isResultStanding } from "../domain/auction.ts";
import { readAuctionTerms } from "../domain/auction-form.ts";
import {
  controlTexts,
  mayNotPostText,
  plannedText,
  ranAgainText,
  startedText,
  termsProblems,
} from "../messages/auction-control.ts";
import { openAuction } from "../running/open-auction.ts";
import { isPayable } from "../settlement/claim-page.ts";
import { type AuctionControlDeps, freeChannel, ownAuction } from "./control-deps.ts";

/**
 * `/c500 auction start`: plans an auction under the command's id and opens it, or waits for the
 * builder's stream. A repeat finds it and says the same; dying in between, the repeat opens it.
 */
export async function start(
  command: DiscordCommand,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const { id, userId, channelId, options } = command;
  const currency = deps.config.SHOP_CURRENCY;
  const builder = await deps.builders.get(userId);
  const known = await deps.auctions.get(id);
  if (!known && builder?.account?.state !== "ACTIVE") return { content: controlTexts.noAccount };
  if (!channelId) return { content: controlTexts.noChannel };
  const terms = readAuctionTerms(options, userId, currency);
  if (!("title" in terms)) return { content: termsProblems(terms) };
  if (!known && (await isTaken(channelId, deps))) return { content: controlTexts.busy };
  const imageUrl = options["image"] === undefined ? undefined : String(options["image"]);
  const opens = options["opens"] === "live" && !builder?.isLive ? "live" : "now";
  const createdAt = deps.clock.now();
  await deps.auctions.create({ id, ...terms, opens, createdAt, imageUrl, channelId });
  return begin(id, deps);
}

/**
 * `/c500 auction rerun`: the same terms from now on, in the channel where it is typed, because Discord
 * reports only for that channel whether the user may post there.
 */
export async function rerun(
  command: DiscordCommand,
  deps: AuctionControlDeps,
): Promise<OutgoingMessage> {
  const before = await ownAuction(command, deps);
  if (!before) return { content: controlTexts.notYours };
  if (before.state === "planned" || before.state === "live")
    return { content: controlTexts.notOver };
  if (isResultStanding(before)) return { content: controlTexts.isSold };
  const { channelId } = command;
  if (!channelId) return { content: controlTexts.noChannel };
  const known = await deps.auctions.get(command.id);
  const isOwn = before.builderId === command.userId;
  const refusal = standingRefusal(await deps.builders.standing(before.builderId), builderWords);
  if (!known && refusal !== undefined) {
    return { content: isOwn ? refusal : controlTexts.builderNotApproved };
  }
  if (!known && !(await isPayable(before, deps))) {
    return { content: isOwn ? controlTexts.noAccount : controlTexts.builderNoAccount };
  }
  if (!known && (await isTaken(channelId, deps))) return { content: controlTexts.busy };
  const other = await runsAgain(before, command.id, deps);
  if (other === "sold") return { content: controlTexts.isSold };
  if (other) return { content: ranAgainText(other) };
  // Its board may say that it opens soon: nobody could change it while we might not post there.
  if (before.couldNotOpen) await scheduleBoard(before.id, deps);
  const createdAt = deps.clock.now();
  const imageUrl = before.imageUrl && (await freshPicture(before, deps));
  const terms = { ...before, imageUrl, opens: "now" as const };
  const again = { ...terms, id: command.id, createdAt, channelId };
  await deps.auctions.create(again);
  return begin(command.id, deps);
}

/**
 * The auction that runs an item again already: another one than `id`, which does so from now on where there is
 * none. So an old list or message runs nothing twice. `sold` where it was sold meanwhile.
 */
async function runsAgain(
  before: Auction,
  id: string,
  { auctions }: Pick<AuctionControlDeps, "auctions">,
): Promise<Auction | "sold" | undefined> {
  const known = before.rerunId && (await auctions.get(before.rerunId));
  const rerunId = known ? known.id : await auctions.claimRerun(before.id, id, before.rerunId);
  if (rerunId === undefined) return "sold";
  return rerunId === id ? undefined : await auctions.get(rerunId);
}

async function begin(id: string, deps: AuctionControlDeps): Promise<OutgoingMessage> {
  const planned = await deps.auctions.get(id);
  if (!planned) throw new Error(`Auction ${id} was created and is not there.`);
  const channelId = planned.boards[0]?.channelId ?? "";
  if (planned.opens === "live" && planned.state === "planned") {
    if ((await placeBoard(planned, channelId, deps)) === "forbidden") {
      await deps.auctions.couldNotOpen(id, "forbidden", { isNotified: true });
      return { content: mayNotPostText(channelId) };
    }
    await scheduleBoard(id, deps);
    return { content: plannedText(planned) };
  }
  const result = await openAuction(id, deps);
  switch (result.outcome) {
    case "open":
      return { content: startedText(result.auction) };
    case "forbidden":
      return { content: mayNotPostText(channelId) };
    case "busy":
      return { content: controlTexts.busy };
    case "over":
      return { content: controlTexts.alreadyOver };
  }
}

/** Whether another auction runs there, as Redis knows it, or has lost it. */
async function isTaken(channelId: string, deps: AuctionControlDeps): Promise<boolean> {
  await freeChannel(channelId, deps);
  if ((await deps.auctionEngine.inChannel(channelId)) !== undefined) return true;
  return (await deps.auctions.runningIn(channelId)) !== undefined;
}
