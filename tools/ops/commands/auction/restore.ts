import { scheduleBoard } from "../../../../functions/auctions/boards/schedule-board.ts";
import type { Auction } from "../../../../functions/auctions/domain/auction.ts";
import { recordBids } from "../../../../functions/auctions/lifecycle/running/record-bids.ts";
import { manifest } from "../../../../functions/manifest.ts";
import type { Deps } from "../../../../functions/operations/deps.ts";
import { utc } from "../../../cli/table.ts";
import { defineCommand, exitCodes, isConfirmed, NeedsYouError, onlyId } from "../../command.ts";
import { fromNow, priceOf } from "./facts.ts";
import { type Agreement, auctionInRedis, compareWithRedis, refuseEnded } from "./with-redis.ts";

/** Does what the next task or sweep would do. If Redis has the auction, it changes nothing. */
export const restoreAuction = defineCommand({
  name: "auction restore",
  usage: "ID [--yes]",
  does: "restores a running auction in Redis from its recorded bids, with at least a minute left to bid",
  options: { yes: { type: "boolean" } },

  async run({ values, positionals }, context, say) {
    const id = onlyId(positionals);
    const { name, deps } = await context.open(manifest["auction-settlement"].settings);
    const { auction, agreement } = await auctionInRedis(id, deps);
    refuseEnded(auction);
    if (auction.state === "planned") throw new NeedsYouError("It has not opened yet.");
    if (agreement.kind === "ended") {
      throw new NeedsYouError("It has ended in Redis: ./dev ops auction close does the rest.");
    }
    if (agreement.kind === "agrees" || agreement.kind === "ahead") {
      say(`Redis has it and accepts bids: ${agreement.summary}. Nothing was changed.`);
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
      say(`Restored: ${describeOutcome(after, deps.clock.now())}`);
      return exitCodes.fine;
    }
    throw new NeedsYouError(await whyNot(after, deps));
  },
});

function questionOf(auction: Auction, { kind }: Agreement, name: string): string {
  const lost = kind === "lost" ? "" : " Bids that Redis accepted since then are lost.";
  const bids = `${auction.standing?.bids ?? 0} recorded bids, ${priceOf(auction)}`;
  return `Restore "${auction.title}" (${bids}) in ${name}?${lost}`;
}

function describeOutcome({ standing, endsAt }: Auction, now: Date): string {
  const leads = standing ? `${standing.leaderId} leads after ${standing.bids} bids` : "no bids yet";
  const ends = endsAt ? `, it ends at ${utc(endsAt)} (${fromNow(endsAt, now)})` : "";
  return `${leads}${ends}. Tasks for its hammer and its board are scheduled.`;
}

/** Why Redis did not accept it: another auction runs in one of its channels. */
async function whyNot(
  { state, boards }: Auction,
  { auctionEngine }: Pick<Deps, "auctionEngine">,
): Promise<string> {
  const channelId = boards[0]?.channelId ?? "";
  const other = (await auctionEngine.inChannel(channelId)) ?? "another auction";
  return state === "cancelled"
    ? `Auction ${other} now runs in its channel, and nobody had bid: it is cancelled, and its builder is notified.`
    : `Auction ${other} now runs in its channel. Restore this one when that one is over, or cancel it.`;
}
