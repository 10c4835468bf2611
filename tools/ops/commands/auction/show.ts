import {
  type Auction,
  auctionOrderId,
  GOING_ONCE_MS,
  isReserveMet,
} from "../../../../functions/auctions/domain/auction.ts";
import type { Deps } from "../../../../functions/operations/deps.ts";
import type { Order } from "../../../../functions/shop/domain/order.ts";
import { formatMoney } from "../../../../shared/money/money.ts";
import { table, utc } from "../../../cli/table.ts";
import { defineCommand, exitCodes, onlyId } from "../../command.ts";
import { fromNow, phaseOf, resultOf } from "./facts.ts";
import { type Agreement, auctionNamed, compareWithRedis, LOOKING } from "./with-redis.ts";

const LAST_BIDS = 10;

/** Prints everything known about one auction. Reads only. */
export const showAuction = defineCommand({
  name: "auction show",
  usage: "ID",
  does: `shows one auction: its terms, Redis beside the record, its last bids, the state of its settlement and
           the tasks that are due`,
  options: {},

  async run({ positionals }, context, say) {
    const id = onlyId(positionals);
    const { deps } = await context.open(LOOKING);
    const auction = await auctionNamed(id, deps);
    const now = deps.clock.now();
    const agreement = await compareWithRedis(auction, deps);
    const { claim } = auction;
    const order = claim && (await deps.orders.get(auctionOrderId(id, claim.round)));
    const parts = [
      terms(auction, now),
      boards(auction),
      await sides(auction, agreement),
      await lastBids(auction, deps),
      settlement(auction, order, now),
      tasks(auction, order, now),
    ];
    for (const lines of parts.filter((part) => part.length > 0)) {
      for (const line of lines) say(line);
      say("");
    }
    const next = nextOf(auction, agreement, now);
    say(next ? `NEEDS YOU  ${next}` : "Nothing to do.");
    return next ? exitCodes.needsYou : exitCodes.fine;
  },
});

function terms(auction: Auction, now: Date): string[] {
  const { currency, reserve, increment, counterBidMs, cancelReason, couldNotOpen } = auction;
  const money = (amount: number) => formatMoney(amount, currency);
  const reserved = `reserve ${money(reserve)} (${isReserveMet(auction) ? "met" : "not met"})`;
  return [
    `${auction.title}  (${auction.id})`,
    `state    ${phaseOf(auction, now)}${cancelReason ? `: ${cancelReason}` : ""}${couldNotOpen ? `: ${couldNotOpen}` : ""}`,
    `builder  ${auction.builderId}, ${auction.plan} payment`,
    `terms    from ${money(auction.startPrice)}, ${increment === undefined ? "the usual increments" : `by ${money(increment)}`}, ${reserve > 0 ? reserved : "no reserve"}, ${auction.durationMs / 1000} s, ${counterBidMs > 0 ? `counter-bids leave ${counterBidMs / 1000} s` : "sudden death"}`,
    `opened   ${momentOf(auction.openedAt, now)}`,
    `ends     ${momentOf(auction.endsAt, now)}, at the latest ${momentOf(auction.latestEnd, now)}`,
  ];
}

function momentOf(time: Date | undefined, now: Date): string {
  return time ? `${utc(time)} (${fromNow(time, now)})` : "-";
}

function boards({ boards: shown, isBoardDue }: Auction): string[] {
  const lines = shown.map(
    ({ channelId, messageId }) =>
      `board    channel ${channelId}, message ${messageId ?? "not posted"}`,
  );
  return isBoardDue ? [...lines, "         an edit is due; the sweeper also schedules it"] : lines;
}

function sides(auction: Auction, { snapshot, summary, kind }: Agreement): string[] {
  const { standing, endsAt, bidderCount, currency, startPrice, state } = auction;
  const money = (amount: number | undefined) =>
    amount === undefined ? "-" : formatMoney(amount, currency);
  const recorded = [
    state,
    money(standing?.price ?? startPrice),
    standing?.leaderId ?? "-",
    String(standing?.bids ?? 0),
    String(standing?.sequence ?? 0),
    String(bidderCount),
    endsAt ? utc(endsAt) : "-",
  ];
  const inRedis = snapshot && [
    snapshot.status,
    money(snapshot.price || startPrice),
    snapshot.leaderId ?? "-",
    String(snapshot.bids),
    String(snapshot.sequence),
    String(snapshot.bidders),
    utc(snapshot.endsAt),
  ];
  const names = ["status", "price", "leader", "bids", "sequence", "bidders", "end"];
  const rows = names.map((name, row) => [name, recorded[row] ?? "", inRedis?.[row] ?? "-"]);
  const verdict = kind === "not-there" ? [] : [`Redis: ${summary}`];
  return [...table(["", "Firestore", "Redis"], rows), ...verdict];
}

async function lastBids(
  { id, currency }: Auction,
  { bids }: Pick<Deps, "bids">,
): Promise<string[]> {
  const newest = await bids.newest(id, LAST_BIDS);
  if (newest.length === 0) return [];
  const rows = newest.map(({ sequence, at, bidderId, amount, price, leaderId }) => [
    String(sequence),
    utc(at),
    bidderId,
    formatMoney(amount, currency),
    formatMoney(price, currency),
    leaderId,
  ]);
  return table(["bid", "at", "bidder", "amount", "price after", "leader after"], rows);
}

function settlement(auction: Auction, order: Order | undefined, now: Date): string[] {
  const { claim, state, isSettling, currency } = auction;
  if (state !== "sold" && state !== "unsold" && state !== "void") return [];
  const done = isSettling ? "settlement not finished" : "nothing left to do";
  const lines = [`result   ${state === "void" ? "taken back" : resultOf(auction)}; ${done}`];
  if (!claim) return lines;
  const turn = claim.round === 0 ? "the winner" : `runner-up ${claim.round}`;
  lines.push(
    `turn     ${turn}, ${claim.bidderId}, ${formatMoney(claim.amount, currency)}: ${claim.state}`,
  );
  if (claim.offerUntil) lines.push(`         offer until ${momentOf(claim.offerUntil, now)}`);
  if (claim.checkoutUntil)
    lines.push(`         waits for the Checkout link until ${momentOf(claim.checkoutUntil, now)}`);
  if (order) {
    const { checkout } = order.payment ?? {};
    const page = checkout ? `, Checkout link until ${momentOf(checkout.expiresAt, now)}` : "";
    lines.push(`order    ${order.id}: ${order.fulfillmentStatus}${page}`);
  }
  return lines;
}

/** What will happen without an operator; the sweeper does the same every 15 minutes. */
function tasks(
  { state, endsAt, claim, isSettling }: Auction,
  order: Order | undefined,
  now: Date,
): string[] {
  if (state === "planned") return ["to come  nothing: it opens when its builder goes live"];
  if (state === "live" && endsAt) {
    const goingOnce = new Date(endsAt.getTime() - GOING_ONCE_MS);
    return [
      `to come  auction-board at ${momentOf(goingOnce, now)}`,
      `         hammer-drop at ${momentOf(endsAt, now)}`,
    ];
  }
  if (!isSettling) return [];
  if (claim?.offerUntil)
    return [`to come  auction-settlement at ${momentOf(claim.offerUntil, now)}`];
  const { checkout } = order?.payment ?? {};
  if (claim?.state === "ordered" && checkout?.sessionId) {
    return [`to come  reservation-end at ${momentOf(checkout.expiresAt, now)}`];
  }
  if (claim?.checkoutUntil)
    return ["to come  the sweeper, which requests the Checkout Session from Stripe again"];
  return ["to come  auction-settlement now, else the sweeper"];
}

/** The command to run next, if the auction does not continue by itself. */
function nextOf(
  { id, state, endsAt }: Auction,
  { kind, summary }: Agreement,
  now: Date,
): string | undefined {
  if (kind === "silent") return `Redis: ${summary}`;
  if (kind === "lost" || kind === "behind" || kind === "differs")
    return `./dev ops auction restore ${id}`;
  const isPast = state === "live" && endsAt !== undefined && endsAt <= now;
  return kind === "ended" || isPast ? `./dev ops auction close ${id}` : undefined;
}
