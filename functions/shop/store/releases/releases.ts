import { idsBehind } from "../../../shared/documents/ids-behind.ts";
import type { Database } from "../../../shared/ports/database.ts";
import { isApproved } from "../../members/domain/standing.ts";
import { standingIn } from "../../members/store/standing.ts";
import { orderDocument } from "../documents/order.ts";
import { builderPart, givenTo, givenTooMuch, openDisputes } from "../domain/builder-part.ts";
import {
  type BuilderTransfer,
  OPEN_STATUSES,
  type Order,
  type Payment,
  type Sending,
} from "../domain/order.ts";
import { planBuilderPart } from "./builder-part.ts";
import { planNetting, planReopening } from "./refunds/debt-plans.ts";

/**
 * The outcome of requesting a release. `release`: the transfer is decided and must be made. `unproved`: there is no
 * verified stream yet. `frozen`: a dispute is open. `refunding`: a refund is under way, so request it again later.
 * `not-approved`: the team has not approved the builder, or has suspended them. `no-account`: no account can
 * receive the transfer. `over`: no money is held.
 */
export interface ReleaseDecision {
  readonly outcome:
    | "release"
    | "unproved"
    | "frozen"
    | "refunding"
    | "not-approved"
    | "no-account"
    | "over";
  readonly order: Order;
}

/** Unfinished releases: the transfer is decided, the order is proved, or the order needs no proof. */
export type UnfinishedRelease = "releasing" | "proved" | "split";

/** Held orders whose time is near are looked at in lots. */
const MAX_LISTED = 200;
const WORKED_ON: ReadonlySet<string> = new Set([...OPEN_STATUSES, "shipped", "delivered"]);

export type Releases = ReturnType<typeof createReleases>;

/** Held money in the `orders` collection, from the promise to the transfer. */
export function createReleases(database: Database) {
  const collection = async () => orderDocument.all(await database());

  return {
    /**
     * Decides a transfer to an account, once: its amount, and how much of it is withheld for debts. A transfer that
     * was decided earlier is returned unchanged.
     */
    async begin(
      orderId: string,
      accountId: string | undefined,
      now: Date,
    ): Promise<ReleaseDecision> {
      const firestore = await database();
      const place = orderDocument.place(firestore, orderId);
      return firestore.runTransaction(async (transaction): Promise<ReleaseDecision> => {
        const order = orderDocument.read(await transaction.get(place));
        const { payment } = order;
        if (payment?.hold === "releasing") return { outcome: "release", order };
        if (payment?.hold !== "held") return { outcome: "over", order };
        const isDue = order.proof !== undefined || payment.plan === "split";
        if (!isDue || !WORKED_ON.has(order.fulfillmentStatus)) {
          return { outcome: "unproved", order };
        }
        if (openDisputes(payment).length > 0) return { outcome: "frozen", order };
        if (payment.refundRequested !== payment.refunded) return { outcome: "refunding", order };
        const builder = firestore.collection("builders").doc(order.builderId);
        if (!isApproved(await standingIn(transaction, builder))) {
          return { outcome: "not-approved", order };
        }
        if (accountId === undefined) return { outcome: "no-account", order };
        const gross = builderPart(payment) - givenTo(payment);
        const { netted, nettedDebts, apply } = await planNetting(firestore, transaction, {
          builderId: order.builderId,
          currency: payment.currency,
          most: gross,
        });
        const before = payment.transfer ?? NOTHING_GIVEN;
        const transfer = {
          ...before,
          gross: before.gross + gross,
          netted: before.netted + netted,
          sending: { accountId, gross, netted, nettedDebts },
        };
        const changes = { hold: "releasing", transfer } as const;
        orderDocument.update(transaction, place, { payment: changes, updatedAt: now });
        apply();
        const releasing = { ...payment, hold: "releasing" as const, transfer };
        return { outcome: "release", order: { ...order, payment: releasing } };
      });
    },

    /**
     * Books the transfer; `transferId` is undefined when debts used up all of it. What was refunded or taken by a
     * bank in the meantime becomes a debt. Returns the debt's id, if there is one.
     */
    async finish(
      orderId: string,
      transferId: string | undefined,
      now: Date,
    ): Promise<{ debtId: string | undefined }> {
      const firestore = await database();
      const place = orderDocument.place(firestore, orderId);
      return firestore.runTransaction(async (transaction) => {
        const order = orderDocument.read(await transaction.get(place));
        const { payment } = order;
        if (payment?.hold !== "releasing" || !payment.transfer) return { debtId: undefined };
        const ids = [...payment.transfer.ids, ...(transferId === undefined ? [] : [transferId])];
        const transfer = { ...payment.transfer, ids, sending: undefined };
        const released: Payment = { ...payment, hold: "released", transfer };
        const cause = `release-${payment.releaseAttempt}`;
        const part = await planBuilderPart(firestore, transaction, order, {
          payment: released,
          cause,
          now,
        });
        orderDocument.update(transaction, place, {
          payment: {
            hold: "released",
            transfer,
            // Another transfer of the order is another call to Stripe.
            releaseAttempt: payment.releaseAttempt + 1,
            ...part.changes,
          },
          updatedAt: now,
        });
        part.apply();
        return { debtId: part.debtId };
      });
    },

    /**
     * Books that Stripe refused the transfer: the money is held again, and the withheld debts are open again. What
     * the builder received earlier and was refunded or taken by a bank since becomes a debt. Returns that debt's
     * id, if there is one.
     */
    async refused(orderId: string, now: Date): Promise<{ debtId: string | undefined }> {
      const firestore = await database();
      const place = orderDocument.place(firestore, orderId);
      return firestore.runTransaction(async (transaction) => {
        const order = orderDocument.read(await transaction.get(place));
        const { builderId, payment } = order;
        const sending = payment?.transfer?.sending;
        if (payment?.hold !== "releasing" || !sending) return { debtId: undefined };
        const { nettedDebts } = sending;
        const reopen = await planReopening(firestore, transaction, { builderId, nettedDebts }, now);
        const before = without(payment, sending);
        const isBack = payment.refunded >= payment.amount;
        const hold = isBack ? (before ? "released" : "returned") : "held";
        const held: Payment = { ...payment, hold, transfer: before };
        const cause = `release-${payment.releaseAttempt}`;
        // What they have too little of is released again, with all its debts.
        const part =
          givenTooMuch(held) > 0
            ? await planBuilderPart(firestore, transaction, order, { payment: held, cause, now })
            : undefined;
        const { transfer } = part?.payment ?? held;
        orderDocument.update(transaction, place, {
          payment: { hold, transfer, releaseAttempt: payment.releaseAttempt + 1 },
          updatedAt: now,
        });
        reopen();
        part?.apply();
        return { debtId: part?.debtId };
      });
    },

    /** Ends the wait for a proof; false when there is one, or nothing is held any more. */
    async end(orderId: string, now: Date): Promise<boolean> {
      const firestore = await database();
      const place = orderDocument.place(firestore, orderId);
      return firestore.runTransaction(async (transaction) => {
        const { payment, proof } = orderDocument.read(await transaction.get(place));
        if (payment?.hold === "ended") return true;
        const isDue = payment?.heldUntil !== undefined && payment.heldUntil <= now;
        if (payment?.hold !== "held" || proof || !isDue) return false;
        if (openDisputes(payment).length > 0) return false;
        orderDocument.update(transaction, place, { payment: { hold: "ended" }, updatedAt: now });
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
     * Ids of orders whose release is unfinished or could begin, because an event was lost or something delays it.
     * Ordered by id, after `after`, at most `limit`.
     */
    async unfinished(
      kind: UnfinishedRelease,
      after: string | undefined,
      limit: number,
    ): Promise<string[]> {
      const orders = await collection();
      const held = orders.where("hold", "==", "held");
      const ofKind = {
        releasing: () => orders.where("hold", "==", "releasing"),
        proved: () => held.where("fulfillment_status", "in", ["building", "shipped", "delivered"]),
        split: () => held.where("plan", "==", "split"),
      }[kind]();
      return idsBehind(ofKind, after, limit);
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

const NOTHING_GIVEN: BuilderTransfer = {
  ids: [],
  gross: 0,
  netted: 0,
  takenBack: 0,
  sending: undefined,
};

/** What was given before the transfer that is under way; undefined where it is the first. */
function without({ transfer }: Payment, { gross, netted }: Sending): BuilderTransfer | undefined {
  if (!transfer || transfer.gross === gross) return undefined;
  return {
    ...transfer,
    gross: transfer.gross - gross,
    netted: transfer.netted - netted,
    sending: undefined,
  };
}
