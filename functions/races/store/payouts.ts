import type { ChangesOf } from "../../../shared/documents/define-document.ts";
import { ledgerTransactionDocument } from "../../../shared/documents/definitions/ledger-transaction.ts";
import { processedDocument } from "../../../shared/documents/definitions/processed.ts";
import { expiresAt } from "../../../shared/documents/document.ts";
import { reversalId } from "../../../shared/money/correction.ts";
import { racerAccount } from "../../../shared/money/ledger.ts";
import { addTransaction, availableWithin } from "../../../shared/money/ledger-store.ts";
import {
  judgeCommand,
  type MoneyCommand,
  rememberCommand,
  undoCommand,
} from "../../../shared/money/money-command.ts";
import type { Database, DocumentSnapshot } from "../../../shared/ports/database.ts";
import { TerminalError } from "../../../shared/runtime/errors.ts";
import { walletDocument } from "../../members/documents/wallet.ts";
import { NO_REQUEST } from "../../members/store/wallets.ts";
import { payoutDocument } from "../documents/payout.ts";
import {
  type CodeDelivery,
  type Payout,
  type PayoutOrder,
  type PayoutRequest,
  payoutReturnTransaction,
  payoutTransaction,
  type TransferRefusal,
} from "../domain/payout.ts";

const refusals = [
  "no-account",
  "too-little",
  "too-much",
  "not-all",
  "just-paid",
  "superseded",
  "too-late",
] as const;

/**
 * Why a payout was not made. `just-paid`: an identical older command has paid it. `superseded`: an
 * identical newer command was seen, and that one counts. `too-late`: the command was too old when it was
 * to be booked. `not-all`: someone who leaves gets all of it, and another amount was named. `available` is
 * what the wallet had, where that was why; `otherId` names the other command, where there is one.
 */
export interface PayoutRefusal {
  readonly outcome: (typeof refusals)[number];
  readonly available: number;
  readonly otherId?: string | undefined;
}

/** What holds for a payout when it is booked. */
interface PayoutRules {
  /** The least that is paid out, in minor units. */
  readonly least: number;
  /** After this moment the command moves nothing any more. */
  readonly deadline: Date;
  readonly now: () => Date;
}

/**
 * What came of asking for a payout, now or when the same was asked for before. `booked`: the money has
 * left the wallet.
 */
export type PayoutDecision =
  | { readonly outcome: "booked"; readonly payout: Payout }
  | PayoutRefusal;

/** A sweep goes through so many. */
const MAX_LISTED = 200;

const readRefusal = processedDocument.part("payoutRefusal", "available", "otherId");
const readCommands = walletDocument.part("commands");

export type Payouts = ReturnType<typeof createPayouts>;

/**
 * The `payouts` collection, and `wallets`: a document for each racer that every payout of theirs
 * writes, so that of two at once the second sees what the first has left.
 */
export function createPayouts(database: Database) {
  const reference = async (id: string) => payoutDocument.place(await database(), id);

  /** Changes a payout by what it is, if at all; gives what it is then. */
  const change = async (
    id: string,
    decide: (payout: Payout) => ChangesOf<typeof payoutDocument> | undefined,
  ): Promise<Payout> => {
    const place = await reference(id);
    await (await database()).runTransaction(async (transaction) => {
      const changes = decide(toPayout(await transaction.get(place)));
      if (changes) payoutDocument.update(transaction, place, changes);
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
     * recorded, and a repeat of the same order is refused again: its asker has read so. Each order is
     * remembered with the wallet, also one that is refused: of identical ones only the newest counts, and
     * one that an older one has paid is not paid again. All of that is decided here, with the deadline, so
     * that an instance that stood still after its own checks cannot book late.
     */
    async begin(
      order: PayoutOrder,
      { least, deadline, now: clock }: PayoutRules,
    ): Promise<PayoutDecision> {
      const firestore = await database();
      const { isLeaver, ...asked } = order;
      const place = payoutDocument.place(firestore, order.id);
      const refused = processedDocument.place(firestore, `payout-refusal:${order.id}`);
      const wallet = walletDocument.place(firestore, order.racerId);
      return firestore.runTransaction(async (transaction): Promise<PayoutDecision> => {
        const [known, before] = await transaction.getAll(place, refused);
        if (known?.exists) return { outcome: "booked", payout: toPayout(known) };
        if (before?.exists) return toRefusal(before);
        const { currency, racerId, method, accountId } = asked;
        const locked = await transaction.get(wallet);
        const now = clock();
        const wanted = { account: racerAccount(racerId), currency, now };
        const available = await availableWithin(firestore, transaction, wanted);
        const amount = asked.amount ?? available;
        const request: PayoutRequest = { ...asked, amount };
        const command = { id: order.id, what: `${asked.amount ?? "all"} ${currency}` };
        const remembered = commandsOf(locked);
        const remember = (isDone: boolean) => {
          const commands = rememberCommand({ ...command, isDone }, remembered);
          const changes = { commands, ...(isDone && NO_REQUEST) };
          if (locked.exists) walletDocument.update(transaction, wallet, changes);
          else walletDocument.create(transaction, wallet, { commands });
        };
        const refuse = (refusal: Omit<PayoutRefusal, "available">, has = 0): PayoutRefusal => {
          const { outcome, otherId } = refusal;
          const reason = { payoutRefusal: outcome, available: has, otherId };
          const times = { processedAt: now, expiresAt: expiresAt(now) };
          processedDocument.create(transaction, refused, { ...reason, ...times });
          remember(false);
          return { outcome, available: has, ...(otherId && { otherId }) };
        };
        const judged = judgeCommand(command, remembered);
        if (judged.verdict === "superseded") {
          return refuse({ outcome: "superseded", otherId: judged.otherId });
        }
        if (now > deadline) return refuse({ outcome: "too-late" });
        if (method === "stripe" && accountId === undefined)
          return refuse({ outcome: "no-account" });
        if (amount < least && !isLeaver) return refuse({ outcome: "too-little" });
        if (judged.verdict === "repeated") {
          return refuse({ outcome: "just-paid", otherId: judged.otherId });
        }
        if (amount > available || available <= 0) return refuse({ outcome: "too-much" }, available);
        if (amount !== available && isLeaver) return refuse({ outcome: "not-all" }, available);
        const made = { ...request, state: "open", createdAt: now } as const;
        payoutDocument.create(transaction, place, made);
        remember(true);
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
      change(id, () => ({ transferId })),

    /**
     * The racer has their code, or the staff member is to give it to them: it is forgotten here. What was
     * recorded first stays.
     */
    codeDelivered: (id: string, delivery: CodeDelivery): Promise<Payout> =>
      change(id, ({ state, codeDelivery }) =>
        state === "open" && codeDelivery === undefined
          ? { code: undefined, codeDelivery: delivery }
          : undefined,
      ),

    /**
     * C500 had too little at Stripe for the transfer: it is tried again later, as another try. Counts each try once:
     * `tries` is how many there were before it.
     */
    waitsForFunds: (id: string, tries: number, now: Date): Promise<Payout> =>
      change(id, ({ state, fundsTries }) =>
        state === "open" && fundsTries === tries
          ? { fundsTries: tries + 1, fundsTriedAt: now }
          : undefined,
      ),

    /**
     * Puts the money back into the wallet, once; nothing when the transfer was made after all, unless that is what
     * somebody has reversed, and no operator has booked it.
     */
    async returned(id: string, refusal: TransferRefusal, now: Date): Promise<Payout> {
      const firestore = await database();
      const place = payoutDocument.place(firestore, id);
      return firestore.runTransaction(async (transaction) => {
        const payout = toPayout(await transaction.get(place));
        const isUnmade = payout.state === "open" && !payout.transferId;
        const isReversed = refusal === "reversed" && payout.state !== "returned";
        if (!isUnmade && !isReversed) return payout;
        const booked = ledgerTransactionDocument.place(firestore, reversalId(`payout.${id}`));
        if ((await transaction.get(booked)).exists) return payout;
        const wallet = walletDocument.place(firestore, payout.racerId);
        const lock = await transaction.get(wallet);
        const changes = { state: "returned", refusal, finishedAt: now } as const;
        payoutDocument.update(transaction, place, changes);
        // What came back may be paid out again at once, in another way.
        const commands = undoCommand(id, commandsOf(lock));
        if (lock.exists) walletDocument.update(transaction, wallet, { commands });
        addTransaction(firestore, transaction, payoutReturnTransaction(payout, now));
        return { ...payout, state: "returned" as const, refusal };
      });
    },

    /**
     * Everyone has what they should; `isNotified` says whether the channel could be notified. Gives the payout as
     * it is then: what was done or returned before stays so.
     */
    finish: (id: string, isNotified: boolean, now: Date): Promise<Payout> =>
      change(id, ({ state }) =>
        state === "open" ? { state: "done", isNotified, finishedAt: now } : undefined,
      ),

    /** What someone was paid since `time` in a currency, payouts under way included. */
    async paidSince(racerId: string, currency: string, time: Date): Promise<number> {
      const found = await payoutDocument
        .all(await database())
        .where("racer_id", "==", racerId)
        .where("created_at", ">=", time)
        .get();
      return found.docs
        .map(toPayout)
        .filter((payout) => payout.state !== "returned" && payout.currency === currency)
        .reduce((sum, { amount }) => sum + amount, 0);
    },

    /** Transfers that were made of payouts begun since `time`, by payout. */
    async transfersSince(time: Date): Promise<ReadonlyMap<string, string>> {
      const found = await payoutDocument
        .all(await database())
        .where("created_at", ">=", time)
        .get();
      return new Map(
        found.docs.flatMap((payout) => {
          const transferId: unknown = payout.get("transfer_id");
          return typeof transferId === "string" ? [[payout.id, transferId] as const] : [];
        }),
      );
    },

    /**
     * The sweeper takes over what was left half way, and reports its outcome: until it has, the payout stays in
     * its list.
     */
    async reportDue(id: string, isDue: boolean): Promise<void> {
      await payoutDocument.updateNow(await reference(id), { isReportDue: isDue });
    },

    /** Payouts that were begun before `time` and left half way, or not reported. At most 200 of each. */
    async unfinished(time: Date): Promise<Payout[]> {
      const payouts = payoutDocument.all(await database());
      const [open, unreported] = await Promise.all([
        payouts
          .where("state", "==", "open")
          .where("created_at", "<=", time)
          .limit(MAX_LISTED)
          .get(),
        payouts.where("is_report_due", "==", true).limit(MAX_LISTED).get(),
      ]);
      const found = new Map([...open.docs, ...unreported.docs].map((each) => [each.id, each]));
      return [...found.values()].map(toPayout);
    },
  };
}

function toRefusal(snapshot: DocumentSnapshot): PayoutRefusal {
  const { payoutRefusal, available = 0, otherId } = readRefusal(snapshot);
  const outcome = refusals.find((each) => each === payoutRefusal);
  if (!outcome) throw new TerminalError(`Document ${snapshot.ref.path} is malformed.`);
  return { outcome, available, ...(otherId && { otherId }) };
}

const UNTOUCHED = {
  state: "open",
  transferId: undefined,
  codeDelivery: undefined,
  isNotified: undefined,
  refusal: undefined,
  fundsTries: 0,
  fundsTriedAt: undefined,
} as const;

/** A payout as it is stored. Throws TerminalError when it is malformed. */
export function toPayout(snapshot: DocumentSnapshot): Payout {
  return payoutDocument.read(snapshot);
}

function commandsOf(wallet: DocumentSnapshot): readonly MoneyCommand[] {
  return readCommands(wallet).commands ?? [];
}
