import { type SendDeps, sendDmOnce } from "../../../../shared/discord/sending/send-once.ts";
import { isApproved } from "../../../members/domain/standing.ts";
import type { Deps } from "../../deps.ts";
import type { Auction, OpeningProblem } from "../../domain/auction.ts";
import { couldNotOpenNotice, notPayableYetNotice } from "../../messages/opening.ts";
import { type OpenAuctionDeps, openAuction } from "./open-auction.ts";

export type NotifyDeps = SendDeps & Pick<Deps, "auctions" | "users">;
/** The dependencies of opening a planned auction. */
export type OpenPlannedDeps = OpenAuctionDeps & NotifyDeps & Pick<Deps, "builders">;

/**
 * Opens an auction that waits for its builder's stream if they are live, approved and can be paid; otherwise notifies
 * them of the reason. Idempotency: a second run finds it open, or sends nothing new. An auction that waits for the
 * builder's account stays planned: the sweeper and the next stream try again.
 */
export async function openPlanned(auction: Auction, deps: OpenPlannedDeps): Promise<void> {
  const builder = await deps.builders.get(auction.builderId);
  if (!builder?.isLive || !isApproved(builder.standing)) return;
  const { account } = builder;
  if (account?.state !== "ACTIVE") {
    const key = `auction-not-payable:${auction.id}:${account?.version ?? 0}`;
    await sendDmOnce(key, builder.id, notPayableYetNotice(auction), deps);
    return;
  }
  const { outcome } = await openAuction(auction.id, deps);
  if (outcome === "busy" || outcome === "forbidden")
    await notifyCouldNotOpen(auction, outcome, deps);
}

/** Notifies the builder, once, why their auction was cancelled instead of opened. */
export async function notifyCouldNotOpen(
  auction: Auction,
  why: OpeningProblem,
  deps: NotifyDeps,
): Promise<void> {
  const notice = couldNotOpenNotice(auction, why);
  await sendDmOnce(`auction-could-not-open:${auction.id}`, auction.builderId, notice, deps);
  await deps.auctions.settled(auction.id, "cancelled");
}
