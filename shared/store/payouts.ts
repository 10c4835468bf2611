import type { DocumentData, DocumentSnapshot } from "@google-cloud/firestore";
import * as z from "zod/mini";
import type { Database } from "../clients/firestore.ts";
import { racerAccount } from "../domain/ledger.ts";
import {
  type CodeDelivery,
  codeDeliveries,
  type Payout,
  type PayoutOrder,
  type PayoutRequest,
  payoutMethods,
  payoutReturnTransaction,
  payoutStates,
  payoutTransaction,
  type TransferRefusal,
  transferRefusals,
} from "../domain/payout.ts";
import { snowflakeTimeMs } from "../domain/snowflake.ts";
import {
  createDocument,
  expiresAt,
  parseDocument,
  setDocument,
  stored,
  timestamp,
} from "./document.ts";
import { addTransaction, availableWithin } from "./ledger.ts";

const refusals = ["no-account", "too-little", "too-much", "not-all", "just-paid"] as const;

/**
 * Why a payout was not made. `just-paid`: the same amount left the wallet a moment ago by another
 * command. `not-all`: someone who leaves gets all of it, and another amount was named. `available` is what
 * the wallet had, where that was why.
 */
export interface PayoutRefusal {
  readonly outcome: (typeof refusals)[number];
  readonly available: number;
}

/**
 * What came of asking for a payout, now or when the same was asked for before. `booked`: the money has
 * left the wallet.
 */
export type PayoutDecision =
  | { readonly outcome: "booked"; readonly payout: Payout }
  | PayoutRefusal;

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
});
const refusalDocument = z.object({ payout_refusal: z.enum(refusals), available: z.int() });
const walletDocument = z.object({ last_payout: stored(lastPayout) });

export type Payouts = ReturnType<typeof createPayouts>;

/**
 * The `payouts` collection, and `wallets`: a document for each racer that every payout of theirs
 * writes, so that of two at once the second sees what the first has left.
 */
export function createPayouts(database: Database) {
  const reference = async (id: string) => (await database()).collection("payouts").doc(id);

  /** Changes a payout by what it is, if at all; gives what it is then. */
  const change = async (
    id: string,
    changes: (payout: Payout) => DocumentData | undefined,
  ): Promise<Payout> => {
    const place = await reference(id);
    await (await database()).runTransaction(async (transaction) => {
      const fields = changes(toPayout(await transaction.get(place)));
      if (fields) transaction.update(place, fields);
    });
    return toPayout(await place.get());
  };

  return {
    async get(id: string): Promise<Payout | undefined> {
      const snapshot = await (await reference(id)).get();
      return snapshot.exists ? toPayout(snapshot) : undefined;
    },

    /**
     * Takes the money out of the wallet, once by the order's id, if it may be paid out. A refusal is
     * recorded, and a repeat of the same order is refused again: its asker was told so.
     */
    async begin(
      order: PayoutOrder,
      { least, now }: { readonly least: number; readonly now: Date },
    ): Promise<PayoutDecision> {
      const firestore = await database();
      const { isLeaver, ...asked } = order;
      const place = firestore.collection("payouts").doc(order.id);
      const refused = firestore.collection("processed").doc(`payout-refusal:${order.id}`);
      const wallet = firestore.collection("wallets").doc(order.racerId);
      return firestore.runTransaction(async (transaction): Promise<PayoutDecision> => {
        const [known, before] = await transaction.getAll(place, refused);
        if (known?.exists) return { outcome: "booked", payout: toPayout(known) };
        if (before?.exists) return toRefusal(before);
        const { currency, racerId, method, accountId } = asked;
        const refuse = (outcome: PayoutRefusal["outcome"], available = 0): PayoutRefusal => {
          const reason = { payout_refusal: outcome, available };
          createDocument(transaction, refused, {
            ...{ ...reason, processed_at: now, expires_at: expiresAt(now) },
          });
          return { outcome, available };
        };
        const locked = await transaction.get(wallet);
        const last = lastPayoutOf(locked);
        if (method === "stripe" && accountId === undefined) return refuse("no-account");
        const wanted = { account: racerAccount(racerId), currency, now };
        const available = await availableWithin(firestore, transaction, wanted);
        const amount = asked.amount ?? available;
        const request: PayoutRequest = { ...asked, amount };
        if (amount < least && !isLeaver) return refuse("too-little");
        if (last && isSameAgain(request, last)) return refuse("just-paid");
        if (amount > available || available <= 0) return refuse("too-much", available);
        if (amount !== available && isLeaver) return refuse("not-all", available);
        createDocument(transaction, place, {
          ...fieldsOf(request),
          state: "open",
          created_at: now,
        });
        setDocument(transaction, wallet, { last_payout: { id: request.id, amount, currency } });
        addTransaction(firestore, transaction, payoutTransaction(request, now));
        const payout = { ...request, ...UNTOUCHED, createdAt: now };
        return { outcome: "booked", payout };
      });
    },

    /**
     * The transfer is made. Gives the payout as it is then: returned, when another delivery was refused
     * and the money went back into the wallet before.
     */
    transferred: (id: string, transferId: string): Promise<Payout> =>
      change(id, () => ({ transfer_id: transferId })),

    /**
     * The racer has their code, or the staff member is to give it to them: it is forgotten here. What was
     * recorded first stays.
     */
    codeDelivered: (id: string, delivery: CodeDelivery): Promise<Payout> =>
      change(id, ({ state, codeDelivery }) =>
        state === "open" && codeDelivery === undefined
          ? { code: null, code_delivery: delivery }
          : undefined,
      ),

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
        if (lastPayoutOf(lock)?.id === id) setDocument(transaction, wallet, { last_payout: null });
        addTransaction(firestore, transaction, payoutReturnTransaction(payout, now));
        return { ...payout, state: "returned" as const, refusal };
      });
    },

    /**
     * Everyone has what they should; `isTold` says whether the channel could be told. Gives the payout as
     * it is then: what was done or returned before stays so.
     */
    finish: (id: string, isTold: boolean, now: Date): Promise<Payout> =>
      change(id, ({ state }) =>
        state === "open" ? { state: "done", is_told: isTold, finished_at: now } : undefined,
      ),

    /** Transfers that were made of payouts begun since `time`, by payout. */
    async transfersSince(time: Date): Promise<ReadonlyMap<string, string>> {
      const found = await (await database())
        .collection("payouts")
        .where("created_at", ">=", time)
        .get();
      return new Map(
        found.docs.flatMap((payout) => {
          const transferId: unknown = payout.get("transfer_id");
          return typeof transferId === "string" ? [[payout.id, transferId] as const] : [];
        }),
      );
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

/** Two commands for the same, by the times at which they were given. */
function isSameAgain(request: PayoutRequest, last: z.infer<typeof lastPayout>): boolean {
  const apartMs = Math.abs(snowflakeTimeMs(request.id) - snowflakeTimeMs(last.id));
  const { amount, currency } = request;
  return last.amount === amount && last.currency === currency && apartMs < SAME_AGAIN_MS;
}

function toRefusal(snapshot: DocumentSnapshot): PayoutRefusal {
  const fields = parseDocument(snapshot.ref.path, refusalDocument, snapshot.data());
  return { outcome: fields.payout_refusal, available: fields.available };
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

function lastPayoutOf(wallet: DocumentSnapshot) {
  return parseDocument(wallet.ref.path, walletDocument, wallet.data() ?? {}).last_payout;
}
