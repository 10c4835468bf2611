import { PlainLedger } from "../models/ledger.ts";
import type { Confirmed } from "../models/ledger-state.ts";
import { StripeBooks } from "../models/stripe-books.ts";
import { PlainWindows } from "../models/windows.ts";
import { mustEqual } from "../rules.ts";
import { isThanked } from "../scenarios/race/shops.ts";
import { trackOf } from "../scenarios/race/track.ts";
import type { Stage } from "../stage.ts";
import { toLedgerCommit } from "./ledger-record.ts";
import type { Entry } from "./record.ts";
import type { ShopFact } from "./shop-facts.ts";

/** Replays a record with the ledger's reference model. Throws RuleBroken where it disagrees. */
export function replayLedger(entries: readonly Entry[]): PlainLedger {
  const [books, windows] = [new StripeBooks(), new PlainWindows()];
  const ledger = new PlainLedger(books, windows);
  for (const entry of entries) {
    if (entry.kind === "stripe") books.take(entry.event);
    else if (entry.kind === "seen") applyFact(ledger, entry.seen as ShopFact);
    else {
      const { atMs, lobbies, payouts, posted } = toLedgerCommit(entry.atMs, entry.changes());
      for (const lobby of lobbies) windows.commit(lobby, atMs);
      for (const payout of payouts) ledger.paidOut(payout);
      for (const each of posted) ledger.post(each);
    }
  }
  return ledger;
}

function applyFact(ledger: PlainLedger, fact: ShopFact): void {
  if (fact.what === "sold") ledger.sold(fact.sale);
  else if (fact.what === "back") ledger.wentBack(fact.saleId, fact.amount);
  else ledger.typed(fact.payoutId);
}

/**
 * Replays a run's ledger, notes its contents, and compares every account with its stored balance.
 */
export async function checkLedgerReplay(stage: Stage, note: (what: string) => void): Promise<void> {
  if (!stage.memory.has("track")) return;
  const ledger = replayLedger(stage.record.entries());
  for (const [kind, count] of ledger.counts) {
    for (let time = 0; time < count; time += 1) note(`replayed: a ${kind} of the ledger`);
  }
  ledger.checkRest(confirmedBy(stage));
  const { docs } = await stage.database.collectionGroup("postings").get();
  const stored = new Map<string, number>();
  for (const posting of docs) {
    const key = `${posting.get("account")} ${posting.get("currency")}`;
    stored.set(key, (stored.get(key) ?? 0) + Number(posting.get("amount")));
  }
  const due = [...ledger.wallets()].map(([key, { balance }]) => [key, balance] as const);
  mustEqual("L4", "the balance of every account", inOrder(stored), inOrder(due));
}

function confirmedBy(stage: Stage): Confirmed {
  const { sold } = trackOf(stage);
  const find = (id: string) => sold.find((sale) => sale.id === id);
  return {
    mustBeBooked: ({ id, provider }) =>
      provider === "stripe" || isThanked(stage, find(id)?.webhookId),
    mustBeBack: ({ id }) =>
      (find(id)?.piecesBack ?? [])
        .filter(({ webhookId }) => isThanked(stage, webhookId))
        .reduce((sum, { amount }) => sum + amount, 0),
  };
}

function inOrder(sums: Iterable<readonly [string, number]>): (readonly [string, number])[] {
  return [...sums].toSorted(([one], [other]) => (one < other ? -1 : 1));
}
