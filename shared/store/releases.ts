import { builderShare } from "../domain/money.ts";
import { OPEN_STATUSES, type Order } from "../domain/order.ts";
import { isApproved } from "../domain/standing.ts";
import type { Database } from "../ports/database.ts";
import { planNetting, planReopening } from "./debts.ts";
import { toOrder } from "./order-document.ts";
import { standingIn } from "./standing.ts";

/**
 * What came of asking for held money. `release`: the transfer is decided and must be made.
 * `unproved`: no verified stream yet. `frozen`: a dispute is open. `refunding`: a refund is under
 * way, ask again. `not-approved`: the team has not approved the builder, or has suspended them. `over`: nothing is held any more, or never was.
 */
export interface ReleaseDecision {
  readonly outcome: "release" | "unproved" | "frozen" | "refunding" | "not-approved" | "over";
  readonly order: Order;
}

/** Proved orders whose money is not with their builder: the transfer is decided, or not even that. */
export type UnfinishedRelease = "releasing" | "proved";

/** Held orders whose time is near are looked at in lots. */
const MAX_LISTED = 200;
const WORKED_ON: ReadonlySet<string> = new Set([...OPEN_STATUSES, "shipped", "delivered"]);

export type Releases = ReturnType<typeof createReleases>;

/** Held money in the `orders` collection, from the promise to the transfer. */
export function createReleases(database: Database) {
  const collection = async () => (await database()).collection("orders");

  return {
    /** Decides the transfer for a proved order, once: its amount, and what debts keep of it. */
    async begin(orderId: string, now: Date): Promise<ReleaseDecision> {
      const firestore = await database();
      const place = firestore.collection("orders").doc(orderId);
      return firestore.runTransaction(async (transaction): Promise<ReleaseDecision> => {
        const order = toOrder(await transaction.get(place));
        const { payment } = order;
        if (payment?.hold === "releasing") return { outcome: "release", order };
        if (payment?.hold !== "held") return { outcome: "over", order };
        if (!order.proof || !WORKED_ON.has(order.fulfillmentStatus)) {
          return { outcome: "unproved", order };
        }
        if (payment.dispute?.outcome === "open") return { outcome: "frozen", order };
        if (payment.refundRequested !== payment.refunded) return { outcome: "refunding", order };
        const builder = firestore.collection("builders").doc(order.builderId);
        if (!isApproved(await standingIn(transaction, builder))) {
          return { outcome: "not-approved", order };
        }
        const gross = builderShare(payment);
        const { netted, nettedDebts, apply } = await planNetting(firestore, transaction, {
          builderId: order.builderId,
          currency: payment.currency,
          most: gross,
        });
        const nothing = { takenBack: 0, feeReturned: 0 };
        const transfer = { id: undefined, gross, netted, nettedDebts, ...nothing };
        transaction.update(place, {
          hold: "releasing",
          transfer: { id: null, gross, netted, netted_debts: nettedDebts, taken_back: 0 },
          updated_at: now,
        });
        apply();
        const releasing = { ...payment, hold: "releasing" as const, transfer };
        return { outcome: "release", order: { ...order, payment: releasing } };
      });
    },

    /** The transfer is made; `transferId` is undefined when debts kept all of it. */
    async finish(orderId: string, transferId: string | undefined, now: Date): Promise<void> {
      const firestore = await database();
      const place = firestore.collection("orders").doc(orderId);
      await firestore.runTransaction(async (transaction) => {
        const { payment } = toOrder(await transaction.get(place));
        if (payment?.hold !== "releasing") return;
        transaction.update(place, {
          hold: "released",
          "transfer.id": transferId ?? null,
          updated_at: now,
        });
      });
    },

    /** Stripe refused the transfer: the money is held again, and what was kept of it is owed again. */
    async refused(orderId: string, now: Date): Promise<void> {
      const firestore = await database();
      const place = firestore.collection("orders").doc(orderId);
      await firestore.runTransaction(async (transaction) => {
        const { builderId, payment } = toOrder(await transaction.get(place));
        if (payment?.hold !== "releasing" || payment.transfer?.id) return;
        const debts = payment.transfer?.nettedDebts ?? [];
        const reopen = await planReopening(firestore, transaction, builderId, debts);
        transaction.update(place, {
          hold: "held",
          transfer: null,
          release_attempt: payment.releaseAttempt + 1,
          updated_at: now,
        });
        reopen();
      });
    },

    /** Ends the wait for a proof; false when there is one, or nothing is held any more. */
    async end(orderId: string, now: Date): Promise<boolean> {
      const firestore = await database();
      const place = firestore.collection("orders").doc(orderId);
      return firestore.runTransaction(async (transaction) => {
        const { payment, proof } = toOrder(await transaction.get(place));
        if (payment?.hold === "ended") return true;
        const isDue = payment?.heldUntil !== undefined && payment.heldUntil <= now;
        const isContested = payment?.dispute?.outcome === "open";
        if (payment?.hold !== "held" || proof || !isDue || isContested) return false;
        transaction.update(place, { hold: "ended", updated_at: now });
        return true;
      });
    },

    /** Orders whose held money goes back before `time` unless there is a proof. At most 200. */
    async endingBefore(time: Date): Promise<string[]> {
      const found = await (await collection())
        .where("hold", "in", ["held", "ended"])
        .where("hold_ends_at", "<=", time)
        .orderBy("hold_ends_at")
        .limit(MAX_LISTED)
        .get();
      return found.docs.map(({ id }) => id);
    },

    /**
     * Orders whose release was begun and not finished, or that are proved and still held: their event was
     * lost, or something keeps them, for as long as it may take. By id, from behind `after` on, at most `limit`.
     */
    async unfinished(
      kind: UnfinishedRelease,
      after: string | undefined,
      limit: number,
    ): Promise<string[]> {
      const orders = await collection();
      const ofKind =
        kind === "releasing"
          ? orders.where("hold", "==", "releasing")
          : orders.where("hold", "==", "held").where("fulfillment_status", "==", "building");
      const ordered = ofKind.orderBy("__name__").limit(limit);
      const found = await (after === undefined ? ordered : ordered.startAfter(after)).get();
      return found.docs.map(({ id }) => id);
    },

    /** A builder's orders with held money, or money on its way. */
    async waitingOf(builderId: string): Promise<string[]> {
      const found = await (await collection())
        .where("builder_id", "==", builderId)
        .where("hold", "in", ["held", "releasing"])
        .limit(MAX_LISTED)
        .get();
      return found.docs.map(({ id }) => id);
    },
  };
}
