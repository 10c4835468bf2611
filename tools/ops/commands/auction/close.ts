import type { Auction } from "../../../../functions/auctions/domain/auction.ts";
import { dropHammer } from "../../../../functions/auctions/lifecycle/ending/drop-hammer.ts";
import { settleAuction } from "../../../../functions/auctions/lifecycle/settlement/settle-auction.ts";
import { manifest } from "../../../../functions/manifest.ts";
import type { Deps } from "../../../../functions/operations/deps.ts";
import { utc } from "../../../cli/table.ts";
import { defineCommand, exitCodes, isConfirmed, NeedsYouError, onlyId } from "../../command.ts";
import { fromNow, priceOf, resultOf } from "./facts.ts";
import { auctionInRedis, refuseEnded } from "./with-redis.ts";

/** Does what the hammer's task or the next step of a settlement would do. Idempotent. */
export const closeAuction = defineCommand({
  name: "auction close",
  usage: "ID [--yes]",
  does: `lets the hammer fall on an auction whose end has passed, as its task would have; if the hammer has
           fallen, runs the next step of the settlement`,
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
      ? `Continue settling "${auction.title}" (${resultOf(auction)}), in ${name}?`
      : `Let the hammer fall on "${auction.title}" at ${priceOf(auction)}, in ${name}? Redis: ${agreement.summary}.`;
    if (!(await isConfirmed(question, values.yes, context))) {
      say("Nothing was changed.");
      return exitCodes.needsYou;
    }
    if (isClosed) await settleAuction(id, deps);
    else await dropHammer(id, auction.endsAt?.getTime() ?? 0, deps);
    const after = (await deps.auctions.get(id)) ?? auction;
    say(describeOutcome(after, isClosed, deps.clock.now()));
    return after.state === "live" ? exitCodes.needsYou : exitCodes.fine;
  },
});

function refuseEarly({ endsAt }: Auction, { clock }: Pick<Deps, "clock">): void {
  const now = clock.now();
  if (endsAt && endsAt <= now) return;
  const when = endsAt ? `It ends at ${utc(endsAt)}, ${fromNow(endsAt, now)}` : "It has not opened";
  throw new NeedsYouError(
    `${when}: only an auction that is past its end can be closed. ./dev ops auction cancel ends it without a winner.`,
  );
}

function describeOutcome(after: Auction, wasClosed: boolean, now: Date): string {
  if (after.state === "live" && after.endsAt) {
    return `It runs until ${utc(after.endsAt)} (${fromNow(after.endsAt, now)}): Redis had lost it, or a last bid had moved its end. A new task for its hammer is scheduled.`;
  }
  if (after.state === "cancelled")
    return "It was already cancelled in Redis; now the record says so too.";
  if (!wasClosed) return `The hammer has fallen: ${resultOf(after)}. auction-settlement continues.`;
  const { claim } = after;
  const left = after.isSettling
    ? "The settlement is not finished; ./dev ops auction show says what it waits for."
    : "Nothing is left to do.";
  return `${resultOf(after)}; ${claim ? `turn ${claim.round} is ${claim.state}` : "nobody's turn"}. ${left}`;
}
