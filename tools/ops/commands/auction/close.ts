import type { Auction } from "../../../../functions/auctions/domain/auction.ts";
import { dropHammer } from "../../../../functions/auctions/running/drop-hammer.ts";
import { settleAuction } from "../../../../functions/auctions/settlement/settle-auction.ts";
import { manifest } from "../../../../functions/manifest.ts";
import type { Deps } from "../../../../functions/operations/deps.ts";
import { defineCommand, exitCodes, isConfirmed, NeedsYouError, onlyId } from "../../command.ts";
import { utc } from "../../table.ts";
import { fromNow, priceOf, resultOf } from "./facts.ts";
import { auctionInRedis, refuseEnded } from "./with-redis.ts";

/** Does what the hammer's task or the next step of a settlement would have; again it finds that done. */
export const closeAuction = defineCommand({
  name: "auction close",
  usage: "ID [--yes]",
  does: `lets the hammer fall on one whose end has passed, as its task would have; of one whose hammer has
         fallen, does what is next of its settlement`,
  options: { yes: { type: "boolean" } },

  async run({ values, positionals }, context, say) {
    const id = onlyId(positionals);
    const { name, deps } = await context.open(manifest["auction-settlement"].settings);
    const { auction, agreement } = await auctionInRedis(id, deps);
    if (!auction.isSettling) refuseEnded(auction);
    const isEndedThere = agreement.kind === "ended";
    if (!auction.isSettling && !isEndedThere) refuseEarly(auction, deps);
    const isClosed = auction.state !== "live";
    const question = isClosed
      ? `Go on with settling "${auction.title}" (${resultOf(auction)}), in ${name}?`
      : `Let the hammer fall on "${auction.title}" at ${priceOf(auction)}, in ${name}? Redis: ${agreement.told}.`;
    if (!(await isConfirmed(question, values.yes, context))) {
      say("Nothing was changed.");
      return exitCodes.needsYou;
    }
    if (isClosed) await settleAuction(id, deps);
    else await dropHammer(id, auction.endsAt?.getTime() ?? 0, deps);
    const after = (await deps.auctions.get(id)) ?? auction;
    say(notifiedOf(after, isClosed, deps.clock.now()));
    return after.state === "live" ? exitCodes.needsYou : exitCodes.fine;
  },
});

function refuseEarly({ endsAt }: Auction, { clock }: Pick<Deps, "clock">): void {
  const now = clock.now();
  if (endsAt && endsAt <= now) return;
  const when = endsAt ? `It ends at ${utc(endsAt)}, ${fromNow(endsAt, now)}` : "It has not opened";
  throw new NeedsYouError(
    `${when}: only what is past its end can be closed. ./dev ops auction cancel ends it without a winner.`,
  );
}

function notifiedOf(after: Auction, wasClosed: boolean, now: Date): string {
  if (after.state === "live" && after.endsAt) {
    return `It goes on until ${utc(after.endsAt)} (${fromNow(after.endsAt, now)}): Redis had lost it, or a last bid had moved its end. Its hammer is asked for again.`;
  }
  if (after.state === "cancelled") return "Redis had it as cancelled; now that is recorded, too.";
  if (!wasClosed)
    return `The hammer has fallen: ${resultOf(after)}. auction-settlement is asked to go on.`;
  const { claim } = after;
  const left = after.isSettling
    ? "Not all is done; ./dev ops auction show tells what is waited for."
    : "Nothing is left to do.";
  return `${resultOf(after)}; ${claim ? `turn ${claim.round} is ${claim.state}` : "nobody's turn"}. ${left}`;
}
