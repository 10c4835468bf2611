import { type Auction, auctionOrderId, type Claim } from "../domain/auction.ts";
import { feeOf } from "../domain/money.ts";
import type { Deps } from "../runtime/deps.ts";
import { endOfSession, type PayDeps, payFor } from "../shop/checkout.ts";

/** What making a page needs. */
type ClaimPageDeps = PayDeps &
  Pick<Deps, "orders" | "builders" | "clock"> & {
    readonly config: Pick<Deps["config"], "PUBLIC_SITE_URL" | "PLATFORM_FEE_BPS">;
  };

/**
 * Whoever was kept waiting for their page has so long to pay: nobody knows when it comes. Stripe takes
 * 24 hours at the most:
 * https://docs.stripe.com/api/checkout/sessions/create#create_checkout_session-expires_at
 */
const PAGE_AFTER_WAITING_MS = 23 * 3_600_000;

/** Whether an auction's builder can be paid now. */
export async function isPayable(
  { builderId }: Pick<Auction, "builderId">,
  { builders }: Pick<Deps, "builders">,
): Promise<boolean> {
  return (await builders.get(builderId))?.account?.state === "ACTIVE";
}

/**
 * The page of a claim's order; `over` when its time is or the result was taken back, `processing` while
 * a bank is at work on what was paid there, `unpayable` while the builder can not be paid, `refused` when
 * Stripe makes none. A page that is open stays.
 */
export async function pageOf(auction: Auction, claim: Claim, deps: ClaimPageDeps) {
  const id = auctionOrderId(auction.id, claim.round);
  const account = (await deps.builders.get(auction.builderId))?.account;
  if (!account) return "unpayable";
  if (account.state !== "ACTIVE" && !(await hasPage(id, deps))) return "unpayable";
  const now = deps.clock.now();
  const expiresAt = claim.pageUntil
    ? new Date(now.getTime() + PAGE_AFTER_WAITING_MS)
    : endOfSession(now);
  const won = await deps.orders.createWon({
    ...{ id, auctionId: auction.id, now, expiresAt, round: claim.round },
    ...{ buyerId: claim.bidderId, builderId: auction.builderId, title: auction.title },
    ...{ amount: claim.amount, fee: feeOf(claim.amount, deps.config.PLATFORM_FEE_BPS) },
    ...{ currency: auction.currency, plan: auction.plan },
  });
  if (!won) return "over";
  if (won.fulfillmentStatus === "processing") return "processing";
  const page = await payFor(won, account.id, deps);
  if (page.ok) return page;
  return page.refusal === "payment-unavailable" ? "refused" : "over";
}

async function hasPage(orderId: string, { orders }: Pick<Deps, "orders">): Promise<boolean> {
  return (await orders.get(orderId))?.payment?.checkout.url !== undefined;
}
