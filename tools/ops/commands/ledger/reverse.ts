import { manifest } from "../../../../functions/manifest.ts";
import type { Deps } from "../../../../functions/operations/deps.ts";
import { type BookedSale, refundTransaction } from "../../../../functions/races/domain/sale.ts";
import { scheduleRaceBoard } from "../../../../functions/races/service/schedule-race-board.ts";
import {
  type Correctable,
  createCorrections,
  isReversible,
} from "../../../../functions/races/store/corrections.ts";
import type { SaleRefund } from "../../../../functions/races/store/sales/sale-document.ts";
import { connectFirestore } from "../../../../shared/clients/firestore.ts";
import { reversalTransaction } from "../../../../shared/money/correction.ts";
import type { TransactionNote } from "../../../../shared/money/ledger.ts";
import { formatMoney } from "../../../../shared/money/money.ts";
import {
  defineCommand,
  type ExitCode,
  exitCodes,
  isConfirmed,
  NeedsYouError,
  type OpsContext,
  onlyId,
} from "../../command.ts";
import { noteOf, noteOptions, postingLines, refundOfOurs } from "./arguments.ts";

/** What reversing a transaction needs. */
interface Reversing {
  readonly found: Correctable;
  readonly note: TransactionNote;
  readonly deps: Deps;
  readonly say: (line: string) => void;
  /** Asks whether to continue. */
  confirm(): Promise<boolean>;
}

/** Reverses a transaction with another one. */
export const ledgerReverse = defineCommand({
  name: "ledger reverse",
  usage: "TRANSACTION --reason TEXT [--by NAME] [--yes]",
  does: `reverses a sale, a refund booked with "ledger refund", a payout or an adjustment, as a separate
           transaction, once. "ledger export" lists the ids, such as sale.kofi:1234`,
  options: { ...noteOptions, yes: { type: "boolean" } },

  async run({ values, positionals }, context, say) {
    const id = onlyId(positionals);
    const note = noteOf(values);
    const { name, deps } = await context.open(manifest.clawback.settings);
    const corrections = createCorrections(connectFirestore(deps.config));
    const found = /^[^/]{1,1000}$/.test(id) ? await corrections.find(id) : undefined;
    if (!found) {
      throw new NeedsYouError(
        `There is no transaction ${id}. Their ids begin with sale., refund., payout. or adjustment.; ./dev ops ledger export names them.`,
      );
    }
    const confirm = () => confirmed(`Take ${id} back, in ${name}?`, values.yes, note, context, say);
    const reversing = { found, note, deps, say, confirm };
    if (found.entry.kind === "sale") return reverseSale(reversing);
    if (found.entry.kind === "refund") return reverseRefund(reversing);
    return reversePostings(reversing, () => corrections.reverse(id, note, deps.clock.now()));
  },
});

async function confirmed(
  question: string,
  isYes: boolean | undefined,
  note: TransactionNote,
  context: OpsContext,
  say: (line: string) => void,
): Promise<boolean> {
  say(`Reason: ${note.reason} (${note.author})`);
  const isGood = await isConfirmed(question, isYes, context);
  if (!isGood) say("Nothing was changed.");
  return isGood;
}

/** A reversed sale is refunded in full, so that a later refund by its shop takes back nothing more. */
async function reverseSale(reversing: Reversing): Promise<ExitCode> {
  const sale = await saleOf(reversing);
  const known = await reversing.deps.sales.findRefund(sale.id, refundOfOurs("reversal"));
  if (known && known.amount > 0) return repeated(reversing);
  const turn = known ? (known.turn ?? 0) + 1 : 0;
  const refund = { saleId: sale.id, id: refundOfOurs("reversal"), amount: sale.base };
  return bookRefund({ ...refund, currency: sale.currency, turn }, sale.base, sale, reversing);
}

/** A reversed refund takes nothing back any more; other refunds of the sale are not affected. */
async function reverseRefund(reversing: Reversing): Promise<ExitCode> {
  const { found, deps } = reversing;
  const sale = await saleOf(reversing);
  const known = await refundByHand(found.entry.id, sale.id, deps);
  if (!known) {
    throw new NeedsYouError(
      "The shop itself reported that refund, and may report more of it. Give it back with ./dev ops ledger adjust.",
    );
  }
  if (known.amount === 0) return repeated(reversing);
  const refund = { saleId: sale.id, id: known.id, amount: 0, currency: sale.currency };
  const least = Math.max(0, sale.refunded - known.amount);
  return bookRefund({ ...refund, turn: (known.turn ?? 0) + 1 }, least, sale, reversing);
}

async function bookRefund(
  refund: SaleRefund,
  expected: number,
  sale: BookedSale,
  { note, deps, say, confirm }: Reversing,
): Promise<ExitCode> {
  const now = deps.clock.now();
  const money = (units: number) => formatMoney(units, sale.currency);
  const { postings } = refundTransaction(sale, expected, sale.id, now);
  say(
    `"${sale.title}", ${money(sale.base)}, of which ${money(sale.refunded)} has been refunded so far.`,
  );
  for (const line of postingLines(postings, sale.currency)) say(line);
  if (!(await confirm())) return exitCodes.needsYou;
  const after = await deps.sales.refund(refund, now, note);
  await Promise.all(sale.windows.map(({ lobbyId }) => scheduleRaceBoard(lobbyId, deps)));
  say(`Booked: ${money(after?.refunded ?? expected)} of it is now refunded.`);
  return exitCodes.fine;
}

async function saleOf({ found, deps }: Reversing): Promise<BookedSale> {
  const { id, saleId } = found.entry;
  const sale = saleId === undefined ? undefined : await deps.sales.get(saleId);
  if (sale) return sale;
  throw new NeedsYouError(
    `${id} belongs to a sale that does not exist. ./dev ops ledger check shows more.`,
  );
}

/** The refund by an operator that a transaction booked: `refund.SALE.by-hand-ID.AMOUNT[.TURN]`. */
async function refundByHand(
  transactionId: string,
  saleId: string,
  { sales }: Pick<Deps, "sales">,
): Promise<SaleRefund | undefined> {
  const rest = transactionId.slice(`refund.${saleId}.`.length).split(".");
  if (!rest.join(".").startsWith(refundOfOurs(""))) return undefined;
  for (const cut of [1, 2]) {
    const refundId = rest.slice(0, -cut).join(".");
    const refund = refundId ? await sales.findRefund(saleId, refundId) : undefined;
    if (refund) return refund;
  }
  return undefined;
}

/** Payouts and adjustments: the same postings with the opposite sign. */
async function reversePostings(
  reversing: Reversing,
  reverse: () => Promise<"booked" | "repeated" | "taken">,
): Promise<ExitCode> {
  const { found, note, deps, say, confirm } = reversing;
  const { entry, reversal } = found;
  if (reversal) return repeated(reversing);
  if (!isReversible(found)) throw new NeedsYouError(whyNot(found));
  const { postings, currency } = reversalTransaction(entry, note, deps.clock.now());
  for (const line of postingLines(postings, currency)) say(line);
  const payout = entry.kind === "payout" ? await deps.payouts.get(entry.id.slice(7)) : undefined;
  if (payout?.transferId) {
    say(`Stripe's transfer ${payout.transferId} stays as it is: reverse it in Stripe's dashboard.`);
  }
  if (!(await confirm())) return exitCodes.needsYou;
  const outcome = await reverse();
  if (outcome === "repeated") return repeated(reversing);
  if (outcome === "taken") throw new NeedsYouError("It has changed meanwhile. Run this again.");
  say("Booked.");
  return exitCodes.fine;
}

function whyNot({ entry, payoutState }: Correctable): string {
  if (entry.reverses) return "It reverses another transaction. Book that one again instead.";
  if (entry.kind === "payout-returned") return "It is money that came back. Pay it out again.";
  if (payoutState === "returned") return "That payout was already returned to the wallet.";
  if (payoutState === "open") return "That payout is still in progress. Try again when it is done.";
  return "Its payout is missing. ./dev ops ledger check shows more.";
}

function repeated({ found, say }: Reversing): ExitCode {
  const { note, at } = found.reversal ?? {};
  const by = note && at ? `, by ${note.author}, ${at.toISOString()}: ${note.reason}` : "";
  say(`It was already reversed${by}. Nothing was changed.`);
  return exitCodes.fine;
}
