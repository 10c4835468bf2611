import { defineSweep, GRACE_MS } from "../../shared/runtime/sweep.ts";
import { endReservation } from "./checkout/end-reservation.ts";
import { type SettleDeps, settleCheckout } from "./checkout/settle-checkout.ts";
import type { Deps } from "./deps.ts";
import { type ScheduleBoardDeps, scheduleBoard } from "./drops/drop-board.ts";
import { type KeepImageDeps, keepImageAddress } from "./drops/drop-image.ts";
import { type NotifyWaitingDeps, notifyWaiting } from "./drops/notify-waiting.ts";
import { scheduleLateOpening } from "./drops/open-draft.ts";
import { type CollectDeps, collectDebt } from "./money/collect-debt.ts";
import { type HeldPaymentDeps, keepHoldTimes } from "./money/held-payment.ts";
import { FIRST_WARNING_MS } from "./money/hold-steps.ts";
import { finishRefund, type RefundDeps } from "./money/refund-order.ts";
import { type ReleaseDeps, releaseOrder } from "./money/release-order.ts";
import type { UnsettledPayment } from "./store/payments/payments.ts";
import type { UnfinishedRelease } from "./store/releases/release-lists.ts";

/** What this feature has the sweeper do. */
export const shopSweeps = [
  defineSweep({
    name: "holds",
    does: "warns of held money that is due, and refunds it",
    asks: ["Stripe"],
    async run(deps: HeldPaymentDeps, turn) {
      const before = new Date(deps.clock.now().getTime() + FIRST_WARNING_MS - GRACE_MS);
      const due = await deps.releases.endingBefore(before);
      await turn.forEach(due, (orderId) => keepHoldTimes(orderId, deps));
    },
  }),
  defineSweep({
    name: "reservations",
    does: "ends reservations whose time is over",
    asks: ["Stripe"],
    async run(deps: SettleDeps, turn) {
      const before = new Date(deps.clock.now().getTime() - GRACE_MS);
      const due = await deps.orders.reservedUntil(before);
      await turn.forEach(due, (orderId) => endReservation(orderId, "expired", deps));
    },
  }),
  paymentSweep("settling", "finishes payments whose processing was interrupted"),
  paymentSweep("processing", "asks Stripe about payments that a bank has not decided yet"),
  defineSweep({
    name: "refunds",
    does: "makes refunds that were decided and not made",
    asks: ["Stripe"],
    run: (deps: RefundDeps & Pick<Deps, "orders">, turn) =>
      turn.forEachInTurn(deps.refunds.unfinished, async (orderId) => {
        const { payment } = (await deps.orders.get(orderId)) ?? {};
        await turn.forEach(payment?.openRefunds ?? [], (id) => finishRefund(orderId, id, deps));
      }),
  }),
  defineSweep({
    name: "debts",
    does: "collects what builders owe, each debt once a day",
    asks: ["Stripe"],
    // What was tried is not due for a day, so the next run continues behind it.
    async run(deps: CollectDeps, turn) {
      const due = await deps.debts.due(deps.clock.now(), turn.maxItems);
      await turn.forEach(due, (debt) => collectDebt(debt, deps));
    },
  }),
  releaseSweep("begun-releases", "releasing", "finishes transfers to builders that were begun"),
  releaseSweep("proved-releases", "proved", "pays builders for proved orders"),
  releaseSweep("split-releases", "split", "pays builders for orders that need no proof"),
  defineSweep({
    name: "forgotten-debts",
    does: "moves what forgotten people owe by now to their tombstones, and deletes expired ones",
    asks: [],
    // In this order: moving a debt renews its tombstone.
    async run({ tombstones, clock }: Pick<Deps, "tombstones" | "clock">, turn) {
      await turn.forEachInTurn(tombstones.accounts, (pseudonym) =>
        tombstones.collect(pseudonym, clock.now()),
      );
      await tombstones.deleteExpired(clock.now());
    },
  }),
  defineSweep({
    name: "drop-openings",
    does: "has drafts opened whose time has come",
    asks: [],
    async run(deps: Pick<Deps, "drops" | "tasks" | "clock">, turn) {
      const due = await deps.drops.dueToOpen(new Date(deps.clock.now().getTime() - GRACE_MS));
      await turn.forEach(due, (dropId) => scheduleLateOpening(dropId, deps));
    },
  }),
  defineSweep({
    name: "drop-waits",
    does: "notifies people who wait for drops that have units again",
    asks: [],
    run: (deps: NotifyWaitingDeps, turn) =>
      turn.forEachInTurn(deps.dropWaits.waitedFor, (dropId) => notifyWaiting(dropId, deps)),
  }),
  defineSweep({
    name: "drop-boards",
    does: "updates the posts of the newest drops, ten in each run",
    asks: ["Redis"],
    // Nearly all posts are up to date, and each check costs a task and five commands of Redis.
    budget: { maxItems: 10 },
    async run(deps: ScheduleBoardDeps & Pick<Deps, "drops">, turn) {
      const recent = (await deps.drops.recent()).map(({ id }) => id).toSorted();
      const list = async (after = "") => recent.filter((id) => id > after);
      await turn.forEachInTurn(list, (id) => scheduleBoard(id, deps));
    },
  }),
  defineSweep({
    name: "drop-pictures",
    does: "renews the addresses of open drops' pictures, which Discord lets expire",
    asks: ["Discord"],
    run: async (deps: KeepImageDeps, turn) =>
      turn.forEach(await deps.drops.open(), (drop) => keepImageAddress(drop, deps)),
  }),
];

function paymentSweep(kind: UnsettledPayment, does: string) {
  return defineSweep({
    name: `${kind}-payments`,
    does,
    asks: ["Stripe"],
    run: (deps: SettleDeps, turn) =>
      turn.forEachInTurn(
        (after, limit) => deps.payments.unsettled(kind, after, limit),
        async (orderId) => {
          const order = await deps.orders.get(orderId);
          const sessionId = order?.payment?.checkout.sessionId;
          if (sessionId) await settleCheckout(await deps.stripe.session(sessionId), deps);
        },
      ),
  });
}

function releaseSweep(name: string, kind: UnfinishedRelease, does: string) {
  return defineSweep({
    name,
    does,
    asks: ["Stripe"],
    run: (deps: ReleaseDeps, turn) =>
      turn.forEachInTurn(
        (after, limit) => deps.releases.unfinished(kind, after, limit),
        (orderId) => releaseOrder(orderId, deps),
      ),
  });
}
