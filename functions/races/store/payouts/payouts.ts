import type { ChangesOf } from "../../../../shared/documents/define-document.ts";
import { ledgerTransactionDocument } from "../../../../shared/documents/definitions/ledger-transaction.ts";
import {
  expiresAt,
  processedDocument,
} from "../../../../shared/documents/definitions/processed.ts";
import { reversalId } from "../../../../shared/money/correction.ts";
import { racerAccount } from "../../../../shared/money/ledger.ts";
import { addTransaction } from "../../../../shared/money/ledger-entries.ts";
import { availableWithin } from "../../../../shared/money/ledger-sums.ts";
import {
  judgeCommand,
  type MoneyCommand,
  rememberCommand,
  undoCommand,
} from "../../../../shared/money/money-command.ts";
import type { Database, DocumentSnapshot } from "../../../../shared/ports/database.ts";
import { TerminalError } from "../../../../shared/runtime/errors.ts";
import { walletDocument } from "../../../members/documents/wallet.ts";
import { NO_REQUEST } from "../../../members/store/wallets.ts";
import { payoutDocument } from "../../documents/payout.ts";
import {
  type CodeDelivery,
  type Payout,
  type PayoutOrder,
  type PayoutRequest,
  payoutReturnTransaction,
  payoutTransaction,
  type TransferRefusal,
} from "../../domain/payout.ts";

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
 * Why a payout was refused. `just-paid`: an identical older command has paid it. `superseded`: an identical newer
 * command exists and counts instead. `too-late`: the command's deadline had passed when it was to be booked.
 * `not-all`: a leaving member is paid the whole balance, but the command named another amount. `available` is the
 * wallet's balance if that was the reason; `otherId` is the id of the other command, if there is one.
 */
export interface PayoutRefusal {
  readonly outcome: (typeof refusals)[number];
  readonly available: number;
  readonly otherId?: string | undefined;
}

/** The rules that apply when a payout is booked. */
interface PayoutRules {
  /** The minimum payout, in minor units. */
  readonly least: number;
  /** After this moment the command no longer moves money. */
  readonly deadline: Date;
  readonly now: () => Date;
}

/**
 * The outcome of requesting a payout, now or at an earlier delivery of the same order. `booked`: the money has left
 * the wallet.
 */
export type PayoutDecision =
  | { readonly outcome: "booked"; readonly payout: Payout }
  | PayoutRefusal;

/** The most payouts a sweep lists of each kind. */
const MAX_LISTED = 200;

const readRefusal = processedDocument.part("payoutRefusal", "available", "otherId");
const readCommands = walletDocument.part("commands");

export type Payouts = ReturnType<typeof createPayouts>;

/**
 * The `payouts` collection, and `wallets`: one document per racer, which each of their payouts writes. Of two
 * concurrent payouts, the second therefore sees the balance that the first has left.
 */
export function createPayouts(database: Database) {
  const reference = async (id: string) => payoutDocument.place(await database(), id);

  /** Applies a decision to a payout. Returns the current payout. */
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
     * Takes the money out of the wallet if it may be paid out. Idempotent by the order's id: a refusal is recorded,
     * and a repeat of the order is refused again, because that is the answer its sender has read. The wallet
     * remembers every order, including refused ones: of identical orders only the newest counts, and an order that
     * repeats a paid one is not paid again. The deadline is checked in the same transaction, so an instance that
     * was suspended after its own checks cannot book late.
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
     * Records the transfer. Returns the current payout, which is `returned` if another delivery was refused and the
     * money went back into the wallet first.
     */
    transferred: (id: string, transferId: string): Promise<Payout> =>
      change(id, () => ({ transferId })),

    /**
     * Records that the racer has their code or that the staff member hands it over, and deletes the code. The first
     * recorded delivery stays.
     */
    codeDelivered: (id: string, delivery: CodeDelivery): Promise<Payout> =>
      change(id, ({ state, codeDelivery }) =>
        state === "open" && codeDelivery === undefined
          ? { code: undefined, codeDelivery: delivery }
          : undefined,
      ),

    /**
     * Records that C500's Stripe balance was too low for the transfer, which is retried later under a new attempt
     * number. Each attempt is counted once: `tries` is the number of attempts before it.
     */
    waitsForFunds: (id: string, tries: number, now: Date): Promise<Payout> =>
      change(id, ({ state, fundsTries }) =>
        state === "open" && fundsTries === tries
          ? { fundsTries: tries + 1, fundsTriedAt: now }
          : undefined,
      ),

    /**
     * Puts the money back into the wallet, once. Does nothing if a transfer exists, unless that transfer was
     * reversed and no operator has booked the reversal.
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
        // The returned money may be paid out again at once, by another method.
        const commands = undoCommand(id, commandsOf(lock));
        if (lock.exists) walletDocument.update(transaction, wallet, { commands });
        addTransaction(firestore, transaction, payoutReturnTransaction(payout, now));
        return { ...payout, state: "returned" as const, refusal };
      });
    },

    /**
     * Completes an open payout once the racer has the money; `isNotified` says whether the channel was notified.
     * Returns the current payout: one that was already done or returned stays so.
     */
    finish: (id: string, isNotified: boolean, now: Date): Promise<Payout> =>
      change(id, ({ state }) =>
        state === "open" ? { state: "done", isNotified, finishedAt: now } : undefined,
      ),

    /** The sum paid to someone since `time` in a currency, including payouts in progress. */
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

    /** The transfer ids of payouts created since `time`, by payout id. */
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
     * Marks whether the sweeper still has to report the payout's outcome. A marked payout stays in the sweeper's
     * list.
     */
    async reportDue(id: string, isDue: boolean): Promise<void> {
      await payoutDocument.updateNow(await reference(id), { isReportDue: isDue });
    },

    /**
     * Payouts that were created by `time` and are still open, and payouts whose outcome is not reported yet. At
     * most 200 of each.
     */
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

/** Decodes a stored payout. Throws TerminalError if it is malformed. */
export function toPayout(snapshot: DocumentSnapshot): Payout {
  return payoutDocument.read(snapshot);
}

function commandsOf(wallet: DocumentSnapshot): readonly MoneyCommand[] {
  return readCommands(wallet).commands ?? [];
}
