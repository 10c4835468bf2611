import type { DocumentSnapshot } from "@google-cloud/firestore";
import * as z from "zod/mini";
import type { Database } from "../clients/firestore.ts";
import { racerAccount } from "../domain/ledger.ts";
import {
  type CodeDelivery,
  codeDeliveries,
  type Payout,
  type PayoutRequest,
  payoutMethods,
  payoutReturnTransaction,
  payoutStates,
  payoutTransaction,
  type TransferRefusal,
  transferRefusals,
} from "../domain/payout.ts";
import { TerminalError } from "../runtime/errors.ts";
import { parseDocument, stored, timestamp } from "./document.ts";
import { addTransaction, availableWithin } from "./ledger.ts";

/**
 * What came of asking for a payout. `booked`: the money has left the wallet, now or when the same
 * was asked for before. `just-paid`: the same amount left it a moment ago by another command.
 */
export type PayoutDecision =
  | { readonly outcome: "booked"; readonly payout: Payout }
  | { readonly outcome: "too-little" }
  | { readonly outcome: "too-much"; readonly available: number }
  | { readonly outcome: "just-paid" };

/** Who sends a command twice by mistake does it within this; a second payout that is meant can wait. */
const SAME_AGAIN_MS = 60_000;
/** A sweep goes through so many. */
const MAX_LISTED = 200;

const payoutDocument = z.object({
  racer_id: z.string(),
  staff_id: z.string(),
  channel_id: stored(z.string()),
  amount: z.int(),
  currency: z.string(),
  method: z.enum(payoutMethods),
  account_id: stored(z.string()),
  code: stored(z.string()),
  state: z.enum(payoutStates),
  created_at: timestamp,
  transfer_id: stored(z.string()),
  code_delivery: stored(z.enum(codeDeliveries)),
  is_told: stored(z.boolean()),
  refusal: stored(z.enum(transferRefusals)),
});
const lastPayout = z.object({
  id: z.string(),
  amount: z.int(),
  currency: z.string(),
  at: timestamp,
});
const walletDocument = z.object({ last_payout: stored(lastPayout) });

export type Payouts = ReturnType<typeof createPayouts>;

/**
 * The `payouts` collection, and `wallets`: a document for each racer that every payout of theirs
 * writes, so that of two at once the second sees what the first has left.
 */
export function createPayouts(database: Database) {
  const reference = async (id: string) => (await database()).collection("payouts").doc(id);

  return {
    async get(id: string): Promise<Payout | undefined> {
      const snapshot = await (await reference(id)).get();
      return snapshot.exists ? toPayout(snapshot) : undefined;
    },

    /** Takes the money out of the wallet, once by the request's id, if it may be paid out. */
    async begin(
      request: PayoutRequest,
      { least, now }: { readonly least: number; readonly now: Date },
    ): Promise<PayoutDecision> {
      const firestore = await database();
      const place = firestore.collection("payouts").doc(request.id);
      const wallet = firestore.collection("wallets").doc(request.racerId);
      return firestore.runTransaction(async (transaction): Promise<PayoutDecision> => {
        const known = await transaction.get(place);
        if (known.exists) return { outcome: "booked", payout: toPayout(known) };
        const { amount, currency, racerId } = request;
        const locked = await transaction.get(wallet);
        const last = parseDocument(wallet.path, walletDocument, locked.data() ?? {}).last_payout;
        if (amount < least) return { outcome: "too-little" };
        const isSame = last?.amount === amount && last.currency === currency;
        const sinceMs = Math.abs(now.getTime() - (last?.at.getTime() ?? 0));
        if (isSame && sinceMs < SAME_AGAIN_MS) return { outcome: "just-paid" };
        const wanted = { account: racerAccount(racerId), currency, now };
        const available = await availableWithin(firestore, transaction, wanted);
        if (amount > available) return { outcome: "too-much", available };
        transaction.create(place, { ...fieldsOf(request), state: "open", created_at: now });
        transaction.set(wallet, { last_payout: { id: request.id, amount, currency, at: now } });
        addTransaction(firestore, transaction, payoutTransaction(request, now));
        const payout = { ...request, ...UNTOUCHED, createdAt: now };
        return { outcome: "booked", payout };
      });
    },

    /**
     * The transfer is made. Throws TerminalError when the money went back into the wallet before, as
     * another delivery was refused: the operators take one of the two back.
     */
    async transferred(id: string, transferId: string): Promise<void> {
      const firestore = await database();
      const place = firestore.collection("payouts").doc(id);
      const { state } = await firestore.runTransaction(async (transaction) => {
        const payout = toPayout(await transaction.get(place));
        transaction.update(place, { transfer_id: transferId });
        return payout;
      });
      if (state !== "returned") return;
      throw new TerminalError(`Transfer ${transferId} was made, and payout ${id} was returned.`);
    },

    /** The racer has their code, or the staff member is to give it to them: it is forgotten here. */
    async codeDelivered(id: string, delivery: CodeDelivery): Promise<void> {
      await (await reference(id)).update({ code: null, code_delivery: delivery });
    },

    /** Puts the money back into the wallet, once; nothing when the transfer was made after all. */
    async returned(id: string, refusal: TransferRefusal, now: Date): Promise<Payout> {
      const firestore = await database();
      const place = firestore.collection("payouts").doc(id);
      return firestore.runTransaction(async (transaction) => {
        const payout = toPayout(await transaction.get(place));
        if (payout.state !== "open" || payout.transferId) return payout;
        const wallet = firestore.collection("wallets").doc(payout.racerId);
        const lock = await transaction.get(wallet);
        transaction.update(place, { state: "returned", refusal, finished_at: now });
        // What came back may be paid out again at once, in another way.
        if (lock.get("last_payout.id") === id) transaction.set(wallet, { last_payout: null });
        addTransaction(firestore, transaction, payoutReturnTransaction(payout, now));
        return { ...payout, state: "returned" as const, refusal };
      });
    },

    /** Everyone has what they should; `isTold` says whether the channel could be told. */
    async finish(id: string, isTold: boolean, now: Date): Promise<Payout> {
      const place = await reference(id);
      await place.update({ state: "done", is_told: isTold, finished_at: now });
      return toPayout(await place.get());
    },

    /** Payouts that were begun before `time` and left half way. At most 200. */
    async unfinished(time: Date): Promise<Payout[]> {
      const found = await (await database())
        .collection("payouts")
        .where("state", "==", "open")
        .where("created_at", "<=", time)
        .limit(MAX_LISTED)
        .get();
      return found.docs.map(toPayout);
    },
  };
}

const UNTOUCHED = {
  state: "open",
  ...{ transferId: undefined, codeDelivery: undefined, isTold: undefined, refusal: undefined },
} as const;

function fieldsOf(request: PayoutRequest) {
  return {
    ...{ racer_id: request.racerId, staff_id: request.staffId, amount: request.amount },
    ...{ channel_id: request.channelId ?? null, currency: request.currency },
    ...{ method: request.method, account_id: request.accountId ?? null },
    code: request.code ?? null,
  };
}

export function toPayout(snapshot: DocumentSnapshot): Payout {
  const fields = parseDocument(snapshot.ref.path, payoutDocument, snapshot.data());
  return {
    ...{ id: snapshot.id, racerId: fields.racer_id, staffId: fields.staff_id },
    ...{ channelId: fields.channel_id, amount: fields.amount, currency: fields.currency },
    ...{ method: fields.method, accountId: fields.account_id, code: fields.code },
    ...{ state: fields.state, createdAt: fields.created_at, transferId: fields.transfer_id },
    ...{ codeDelivery: fields.code_delivery, isTold: fields.is_told, refusal: fields.refusal },
  };
}
