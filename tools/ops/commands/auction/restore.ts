import { scheduleBoard } from "../../../../functions/auctions/boards/schedule-board.ts";
import type { Auction } from "../../../../functions/auctions/domain/auction.ts";
import { recordBids } from "../../../../functions/auctions/running/record-bids.ts";
import { manifest } from "../../../../functions/manifest.ts";
import type { Deps } from "../../../../functions/operations/deps.ts";
import { defineCommand, exitCodes, isConfirmed, NeedsYouError, onlyId } from "../../command.ts";
import { utc } from "../../table.ts";
import { fromNow, priceOf } from "./facts.ts";
import { type Agreement, auctionInRedis, compareWithRedis, refuseEnded } from "./with-redis.ts";

/** Does what the next task or sweep would have. Where Redis has the auction it changes nothing. */
export const restoreAuction = defineCommand({
  name: "auction restore",
  usage: "ID [--yes]",
  does: "gives Redis a running one back as its recorded bids have it, with at least a minute left to bid",
  options: { yes: { type: "boolean" } },

  async run({ values, positionals }, context, say) {
    const id = onlyId(positionals);
    const { name, deps } = await context.open(manifest["auction-settlement"].settings);
    const { auction, agreement } = await auctionInRedis(id, deps);
    refuseEnded(auction);
    if (auction.state === "planned") throw new NeedsYouError("It has not opened yet.");
    if (agreement.kind === "ended") {
      throw new NeedsYouError("Redis has it as over: ./dev ops auction close does the rest.");
    }
    if (agreement.kind === "agrees" || agreement.kind === "ahead") {
      say(`Redis has it, and takes bids: ${agreement.told}. Nothing was changed.`);
      return exitCodes.fine;
    }
    if (!(await isConfirmed(questionOf(auction, agreement, name), values.yes, context))) {
      say("Nothing was changed.");
      return exitCodes.needsYou;
    }
    const after = await recordBids(auction, deps);
    await scheduleBoard(id, deps);
    const now = await compareWithRedis(after, deps);
    if (now.kind === "agrees" || now.kind === "ahead") {
      say(`Restored: ${notifiedOf(after, deps.clock.now())}`);
      return exitCodes.fine;
    }
    throw new NeedsYouError(await whyNot(after, deps));
  },
});

function questionOf(auction: Auction, { kind }: Agreement, name: string): string {
  const lost = kind === "lost" ? "" : " What Redis took since then is lost.";
  const bids = `${auction.standing?.bids ?? 0} recorded bids, ${priceOf(auction)}`;
  return `Restore "${auction.title}" (${bids}) in ${name}?${lost}`;
}

function notifiedOf({ standing, endsAt }: Auction, now: Date): string {
  const leads = standing ? `${standing.leaderId} leads after ${standing.bids} bids` : "no bids yet";
  const ends = endsAt ? `, it ends at ${utc(endsAt)} (${fromNow(endsAt, now)})` : "";
  return `${leads}${ends}. Its hammer and its board are asked for.`;
}

/** Redis did not take it: another auction runs in a channel of its own. */
async function whyNot(
  { state, boards }: Auction,
  { auctionEngine }: Pick<Deps, "auctionEngine">,
): Promise<string> {
  const channelId = boards[0]?.channelId ?? "";
  const other = (await auctionEngine.inChannel(channelId)) ?? "another auction";
  return state === "cancelled"
    ? `Its channel is ${other}'s now, and nobody had bid: it is cancelled, and its builder is told.`
    : `Its channel is ${other}'s now. Restore it when that is over, or cancel it.`;
}
