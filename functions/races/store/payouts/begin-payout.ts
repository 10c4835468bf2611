import {
  expiresAt,
  processedDocument,
} from "../../../../shared/documents/definitions/processed.ts";
import { racerAccount } from "../../../../shared/money/ledger.ts";
import { addTransaction } from "../../../../shared/money/ledger-entries.ts";
import { availableWithin } from "../../../../shared/money/ledger-sums.ts";
import {
  type CommandVerdict,
  judgeCommand,
  type MoneyCommand,
  rememberCommand,
} from "../../../../shared/money/money-command.ts";
import type { Database, DocumentSnapshot, Transaction } from "../../../../shared/ports/database.ts";
import { TerminalError } from "../../../../shared/runtime/errors.ts";
import { walletDocument } from "../../../members/documents/wallet.ts";
import { NO_REQUEST } from "../../../members/store/wallets.ts";
import { payoutDocument } from "../../documents/payout.ts";
import {
  type Payout,
  type PayoutOrder,
  type PayoutRequest,
  payoutTransaction,
} from "../../domain/payout.ts";
import { toPayout } from "./payout-document.ts";

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
export interface PayoutRules {
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

const readRefusal = processedDocument.part("payoutRefusal", "available", "otherId");
const readCommands = walletDocument.part("commands");

/** The state of a payout that has just left the wallet. */
const UNTOUCHED = {
  state: "open",
  transferId: undefined,
  codeDelivery: undefined,
  isNotified: undefined,
  refusal: undefined,
  fundsTries: 0,
  fundsTriedAt: undefined,
} as const;

/**
 * Takes the money out of the wallet if it may be paid out. Idempotent by the order's id: a refusal is recorded,
 * and a repeat of the order is refused again, because that is the answer its sender has read. The wallet
 * remembers every order, including refused ones: of identical orders only the newest counts, and an order that
 * repeats a paid one is not paid again. The deadline is checked in the same transaction, so an instance that
 * was suspended after its own checks cannot book late.
 */
export async function beginPayout(
  database: Database,
  order: PayoutOrder,
  { least, deadline, now: clock }: PayoutRules,
): Promise<PayoutDecision> {
  const firestore = await database();
  const { isLeaver, ...asked } = order;
  const { currency, racerId } = asked;
  const place = payoutDocument.place(firestore, order.id);
  const refused = processedDocument.place(firestore, `payout-refusal:${order.id}`);
  const wallet = walletDocument.place(firestore, racerId);
  return firestore.runTransaction(async (transaction): Promise<PayoutDecision> => {
    const [known, before] = await transaction.getAll(place, refused);
    if (known?.exists) return { outcome: "booked", payout: toPayout(known) };
    if (before?.exists) return toRefusal(before);
    const locked = await transaction.get(wallet);
    const now = clock();
    const wanted = { account: racerAccount(racerId), currency, now };
    const available = await availableWithin(firestore, transaction, wanted);
    const request: PayoutRequest = { ...asked, amount: asked.amount ?? available };
    const command = { id: order.id, what: `${asked.amount ?? "all"} ${currency}` };
    const verdict = judgeCommand(command, commandsOf(locked));
    const isLate = now > deadline;
    const refusal = refusalOf(request, { verdict, isLate, isLeaver, least, available });
    remember(transaction, locked, { ...command, isDone: !refusal });
    if (refusal) {
      const { outcome: payoutRefusal, available: has, otherId } = refusal;
      const times = { processedAt: now, expiresAt: expiresAt(now) };
      const reason = { payoutRefusal, available: has, otherId };
      processedDocument.create(transaction, refused, { ...reason, ...times });
      return refusal;
    }
    payoutDocument.create(transaction, place, { ...request, state: "open", createdAt: now });
    addTransaction(firestore, transaction, payoutTransaction(request, now));
    return { outcome: "booked", payout: { ...request, ...UNTOUCHED, createdAt: now } };
  });
}

/** Why a payout may not be booked; undefined if it may. */
function refusalOf(
  { amount, method, accountId }: PayoutRequest,
  {
    verdict,
    isLate,
    isLeaver,
    least,
    available,
  }: Pick<PayoutOrder, "isLeaver"> &
    Pick<PayoutRules, "least"> & {
      readonly verdict: CommandVerdict;
      readonly isLate: boolean;
      readonly available: number;
    },
): PayoutRefusal | undefined {
  if (verdict.verdict === "superseded") {
    return { outcome: "superseded", available: 0, otherId: verdict.otherId };
  }
  if (isLate) return { outcome: "too-late", available: 0 };
  if (method === "stripe" && accountId === undefined) {
    return { outcome: "no-account", available: 0 };
  }
  if (amount < least && !isLeaver) return { outcome: "too-little", available: 0 };
  if (verdict.verdict === "repeated") {
    return { outcome: "just-paid", available: 0, otherId: verdict.otherId };
  }
  if (amount > available || available <= 0) return { outcome: "too-much", available };
  if (amount !== available && isLeaver) return { outcome: "not-all", available };
  return undefined;
}

/** Stores a command with its wallet, and ends the request for a payout that it answers. */
function remember(transaction: Transaction, wallet: DocumentSnapshot, command: MoneyCommand): void {
  const commands = rememberCommand(command, commandsOf(wallet));
  const changes = { commands, ...(command.isDone && NO_REQUEST) };
  if (wallet.exists) walletDocument.update(transaction, wallet.ref, changes);
  else walletDocument.create(transaction, wallet.ref, { commands });
}

function toRefusal(snapshot: DocumentSnapshot): PayoutRefusal {
  const { payoutRefusal, available = 0, otherId } = readRefusal(snapshot);
  const outcome = refusals.find((each) => each === payoutRefusal);
  if (!outcome) throw new TerminalError(`Document ${snapshot.ref.path} is malformed.`);
  return { outcome, available, ...(otherId && { otherId }) };
}

/** The commands that a wallet remembers. */
export function commandsOf(wallet: DocumentSnapshot): readonly MoneyCommand[] {
  return readCommands(wallet).commands ?? [];
}
