import { sendOnce } from "../../../shared/discord/send-once.ts";
import type { FunctionHandler } from "../../../shared/runtime/http.ts";
import { keepPicture } from "../../auctions/boards/keep-picture.ts";
import { scheduleBoard as scheduleAuctionBoard } from "../../auctions/boards/schedule-board.ts";
import type { Auction } from "../../auctions/domain/auction.ts";
import { type DropHammerDeps, dropHammer } from "../../auctions/running/drop-hammer.ts";
import { openPlanned } from "../../auctions/running/open-planned.ts";
import { recordBids } from "../../auctions/running/record-bids.ts";
import { type SettleAuctionDeps, settleAuction } from "../../auctions/settlement/settle-auction.ts";
import type { Unfinished } from "../../auctions/store/auctions.ts";
import { keepAccountState } from "../../members/accounts/seller-account.ts";
import { builderAccount, racerAccountWords } from "../../members/messages/payout-accounts.ts";
import { differenceNotice } from "../../payments/messages/operators.ts";
import { type ReconcileDeps, reconcile } from "../../payments/service/reconcile.ts";
import { scheduleForgetting } from "../../privacy/service/forget-person.ts";
import { MAX_WINDOW_MS, WARNING_MS } from "../../races/domain/race.ts";
import { missedSaleNotice } from "../../races/messages/operators.ts";
import { scheduleRaceBoard } from "../../races/service/schedule-race-board.ts";
import {
  closeDueWindow,
  type WindowEndDeps,
  warnOfWindowEnd,
} from "../../races/service/window-end.ts";
import { sweepPayout } from "../../races/wallet/sweep-payout.ts";
import { endReservation } from "../../shop/checkout/end-reservation.ts";
import { settleCheckout } from "../../shop/checkout/settle-checkout.ts";
import { scheduleBoard } from "../../shop/drops/drop-board.ts";
import { keepImageAddress } from "../../shop/drops/drop-image.ts";
import { collectDebt } from "../../shop/money/collect-debt.ts";
import { keepHoldTimes } from "../../shop/money/held-payment.ts";
import { FIRST_WARNING_MS } from "../../shop/money/hold-steps.ts";
import { finishRefund } from "../../shop/money/refund-order.ts";
import { releaseOrder } from "../../shop/money/release-order.ts";
import type { UnsettledPayment } from "../../shop/store/payments.ts";
import type { UnfinishedRelease } from "../../shop/store/releases.ts";
import type { Deps } from "../deps.ts";
import { checkLedger } from "../sweeps/check-ledger.ts";
import { type KeepSubscriptionsDeps, keepSubscriptions } from "../sweeps/event-subscriptions.ts";

type SweeperDeps = ReconcileDeps &
  DropHammerDeps &
  SettleAuctionDeps &
  WindowEndDeps &
  KeepSubscriptionsDeps &
  Pick<Deps, "drops" | "forgettings" | "tombstones" | "ledger" | "sweeps" | "payouts" | "wallets">;

const MINUTE_MS = 60_000;
/** An event that is later than this was lost, or Stripe's own repeats bring it. */
const RECONCILED_MS = 4 * 60 * MINUTE_MS;
/** Tasks and events get this long before the sweeper does their work. */
const GRACE_MS = 5 * MINUTE_MS;
/** Shops tell of a sale again for less than this. */
const MISSED_MS = 24 * 60 * MINUTE_MS;
/** So long after a race its pot is looked at: a late sale whose task was lost is in no other list. */
const LATE_SALES_MS = 60 * MINUTE_MS;
/**
 * A list is gone through this far in one run, or as far as there is time. What is done leaves its list; where
 * something may stay in one for days, the next run goes on behind the last.
 */
const MAX_SWEPT = 200;

/** A run may take five minutes; after this time nothing more is begun. */
const RUN_MS = 4 * MINUTE_MS;

/** What a part needs: whether there is time for more. */
type SweepDeps = SweeperDeps & { readonly isTimeLeft: () => boolean };

/**
 * Every 15 minutes: does what a lost task or message would have left undone. Each part is what the
 * task or event itself does, so that doing it twice, or at the same time, changes nothing. Parts run beside
 * each other, so that a long list, or a service that does not answer, keeps no other part waiting. A part
 * that fails stops no other; then the run is answered 500, and the next one tries again.
 */
export const handler: FunctionHandler<SweeperDeps> = (deps) => async (_request, response) => {
  const endsAt = deps.clock.now().getTime() + RUN_MS;
  const run = { ...deps, isTimeLeft: () => deps.clock.now().getTime() < endsAt };
  const failures: string[] = [];
  const parts = Object.entries(sweeps).map(async ([name, sweep]) => {
    try {
      await sweep(run);
    } catch (error) {
      failures.push(name);
      deps.log.error("A part of the sweep failed", error, { part: name });
    }
  });
  await Promise.all(parts);
  response.status(failures.length > 0 ? 500 : 204).end();
};

/** Each part goes through a list of its own, beside the others. */
const sweeps: Readonly<Record<string, (deps: SweepDeps) => Promise<void>>> = {
  async holds(deps) {
    const before = new Date(deps.clock.now().getTime() + FIRST_WARNING_MS - GRACE_MS);
    await forEach(deps, await deps.releases.endingBefore(before), (orderId) =>
      keepHoldTimes(orderId, deps),
    );
  },

  async reservations(deps) {
    const before = new Date(deps.clock.now().getTime() - GRACE_MS);
    await forEach(deps, await deps.orders.reservedUntil(before), (orderId) =>
      endReservation(orderId, "expired", deps),
    );
  },

  unsettledPayments: (deps) => sweepPayments("settling", deps),

  processingPayments: (deps) => sweepPayments("processing", deps),

  async refunds(deps) {
    const page = (after: string | undefined) => deps.refunds.unfinished(after, MAX_SWEPT);
    await forEachBehind({ name: "refunds", page }, deps, async (orderId) => {
      const { payment } = (await deps.orders.get(orderId)) ?? {};
      await forEach(deps, payment?.openRefunds ?? [], (id) => finishRefund(orderId, id, deps));
    });
  },

  /** What was tried is not due for a day, so the next run goes on behind it. */
  async debts(deps) {
    const due = await deps.debts.due(deps.clock.now(), MAX_SWEPT);
    await forEach(deps, due, (debt) => collectDebt(debt, deps));
  },

  begunReleases: (deps) => sweepReleases("releasing", deps),

  provedReleases: (deps) => sweepReleases("proved", deps),

  splitReleases: (deps) => sweepReleases("split", deps),

  async payouts(deps) {
    const before = new Date(deps.clock.now().getTime() - GRACE_MS);
    await forEach(deps, await deps.payouts.unfinished(before), (payout) =>
      sweepPayout(payout, deps),
    );
  },

  async settlements(deps) {
    await forEachInTurn("settling", deps, ({ id }) => settleAuction(id, deps));
  },

  async accounts(deps) {
    const { builders, wallets } = deps;
    const ofBuilders = { accounts: builders, words: builderAccount };
    await forEach(deps, await builders.withUnreadyAccounts(), (builder) =>
      keepAccountState(builder, ofBuilders, deps),
    );
    const ofRacers = { accounts: wallets, words: racerAccountWords };
    await forEach(deps, await wallets.withUnreadyAccounts(), (racer) =>
      keepAccountState(racer, ofRacers, deps),
    );
  },

  async reconcile(deps) {
    const since = new Date(deps.clock.now().getTime() - RECONCILED_MS);
    const { compared, differences, unread } = await reconcile(since, deps);
    deps.log.info("Our books and Stripe were compared", { ...compared });
    const channel = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
    await forEach(deps, differences, async (difference) => {
      const event = difference.isRepaired ? {} : { event: "stripe-difference" };
      deps.log.warn("Our books and Stripe differed", { ...difference, ...event });
      if (difference.isRepaired) return;
      await sendOnce(`difference:${difference.id}`, channel, differenceNotice(difference), deps);
    });
    if (unread.length > 0) throw new AggregateError(unread, "Not all of Stripe could be read");
  },

  /** What is told leaves the list: it may never come. */
  async missedSales(deps) {
    const before = new Date(deps.clock.now().getTime() - MISSED_MS);
    const channel = async () => deps.config.DISCORD_OPERATORS_CHANNEL_ID;
    await forEach(deps, await deps.sales.missedSince(before), async ({ saleId, since }) => {
      deps.log.warn("A refund waits for its sale", { sale: saleId });
      await sendOnce(`missed-sale:${saleId}`, channel, missedSaleNotice(saleId, since), deps);
      await deps.sales.missedIsNotified(saleId);
    });
  },

  ledger: checkLedger,

  /** Windows end by themselves, and lobbies that nobody starts; what was sold meanwhile is to be seen. */
  async races(deps) {
    const { clock, lobbies } = deps;
    const nowMs = clock.now().getTime();
    const racing = await lobbies.closingBy(new Date(nowMs + MAX_WINDOW_MS));
    await forEach(deps, racing, async ({ id, closesAt }) => {
      if (!closesAt || closesAt.getTime() > nowMs + WARNING_MS) return;
      if (await closeDueWindow(id, deps)) return;
      await warnOfWindowEnd(id, closesAt, deps);
    });
    await forEach(deps, await lobbies.lapsedBy(clock.now()), ({ id }) =>
      lobbies.cancel(id, clock.now()),
    );
    const closed = await lobbies.closedSince(new Date(nowMs - LATE_SALES_MS));
    const shown = [...(await lobbies.boardsDue()), ...racing, ...closed];
    const ids = new Set(shown.map(({ id }) => id));
    await forEach(deps, ids, (id) => scheduleRaceBoard(id, deps));
  },

  /** The hammer comes by itself; what Redis has lost is restored on the way. What is due comes first. */
  async hammers(deps) {
    await forEach(deps, deps.auctions.byEnd(), async (auction) => {
      const { endsAt } = await recordBids(auction, deps);
      const endsAtMs = endsAt?.getTime() ?? 0;
      const lateMs = deps.clock.now().getTime() - endsAtMs;
      if (lateMs > GRACE_MS) {
        const fields = { event: "auction-overdue", auction: auction.id, lateMs };
        deps.log.warn("An auction was open after its end", fields);
      }
      if (lateMs >= 0) await dropHammer(auction.id, endsAtMs, deps);
      else await scheduleAuctionBoard(auction.id, deps);
    });
  },

  async openings(deps) {
    await forEachInTurn("waiting", deps, (auction) => openPlanned(auction, deps));
  },

  async boards(deps) {
    await forEachInTurn("unshown", deps, ({ id }) => scheduleAuctionBoard(id, deps));
  },

  async auctionPictures(deps) {
    await forEachInTurn("open", deps, (auction) => keepPicture(auction, deps));
  },

  /** Their task comes by itself; a lost one is made again. */
  async forgettings(deps) {
    const now = deps.clock.now();
    await forEach(deps, await deps.forgettings.due(now), async (userId) => {
      const who = await deps.forgettings.get(userId);
      if (who) await scheduleForgetting(who, now, deps);
    });
  },

  /**
   * For forgotten people: what they owe by now moves to their tombstone, and expired tombstones are deleted.
   */
  async forgottenDebts(deps) {
    const now = deps.clock.now();
    const list = {
      name: "forgotten-debts",
      page: (after: string | undefined) => deps.tombstones.accounts(after, MAX_SWEPT),
    };
    await forEachBehind(list, deps, (pseudonym) => deps.tombstones.collect(pseudonym, now));
    await deps.tombstones.deleteExpired(now);
  },

  async posts(deps) {
    await forEach(deps, await deps.drops.recent(), (drop) => scheduleBoard(drop.id, deps));
  },

  async pictures(deps) {
    await forEach(deps, await deps.drops.open(), (drop) => keepImageAddress(drop, deps));
  },

  /** Last: when Twitch answers slowly, nothing else waits for it. */
  subscriptions: keepSubscriptions,
};

async function sweepPayments(kind: UnsettledPayment, deps: SweepDeps): Promise<void> {
  const page = (after: string | undefined) => deps.payments.unsettled(kind, after, MAX_SWEPT);
  await forEachBehind({ name: `payments-${kind}`, page }, deps, async (orderId) => {
    const order = await deps.orders.get(orderId);
    const sessionId = order?.payment?.checkout.sessionId;
    if (sessionId) await settleCheckout(await deps.stripe.session(sessionId), deps);
  });
}

async function sweepReleases(kind: UnfinishedRelease, deps: SweepDeps): Promise<void> {
  const list = {
    name: `releases-${kind}`,
    page: (after: string | undefined) => deps.releases.unfinished(kind, after, MAX_SWEPT),
  };
  await forEachBehind(list, deps, (orderId) => releaseOrder(orderId, deps));
}

/** Unfinished auctions, as many as a run takes; the next run goes on behind them. */
async function forEachInTurn(
  what: Unfinished,
  deps: SweepDeps,
  work: (auction: Auction) => Promise<unknown>,
): Promise<void> {
  const { auctions, sweeps } = deps;
  const ids: string[] = [];
  const noted = (auction: Auction) => {
    ids.push(auction.id);
    return work(auction);
  };
  const before = await sweeps.doneUpTo(what);
  try {
    await forEach(deps, auctions.unfinished(what, before), noted);
  } finally {
    const isMore = ids.length === MAX_SWEPT || !deps.isTimeLeft();
    const last = isMore ? ids.at(-1) : undefined;
    if (last !== before) await sweeps.recordDoneUpTo(what, last);
  }
}

/** A list by id, as much of it as a run takes; the next run goes on behind that, also behind what failed. */
async function forEachBehind(
  {
    name,
    page,
  }: {
    readonly name: string;
    readonly page: (after: string | undefined) => Promise<readonly string[]>;
  },
  deps: SweepDeps,
  work: (id: string) => Promise<unknown>,
): Promise<void> {
  const { sweeps, isTimeLeft } = deps;
  const before = await sweeps.doneUpTo(name);
  const ids = await page(before);
  let done = before;
  try {
    await forEach(deps, ids, (id) => {
      done = id;
      return work(id);
    });
  } finally {
    const isMore = ids.length === MAX_SWEPT || (!isTimeLeft() && done !== ids.at(-1));
    const last = isMore ? done : undefined;
    if (last !== before) await sweeps.recordDoneUpTo(name, last);
  }
}

/** One after the other; what fails stops no other, and is thrown at the end. */
async function forEach<T>(
  { isTimeLeft }: Pick<SweepDeps, "isTimeLeft">,
  items: Iterable<T> | AsyncIterable<T>,
  work: (item: T) => Promise<unknown>,
): Promise<void> {
  const errors: unknown[] = [];
  let count = 0;
  try {
    for await (const item of items) {
      await work(item).catch((error: unknown) => errors.push(error));
      count += 1;
      if (count === MAX_SWEPT || !isTimeLeft()) break;
    }
  } catch (error) {
    errors.push(error);
  }
  if (errors.length > 0) throw new AggregateError(errors, `${errors.length} could not be swept`);
}
