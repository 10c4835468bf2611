import type { BookedSale } from "../../../../functions/races/domain/sale.ts";
import { toSale } from "../../../../functions/races/store/sales/sale-document.ts";
import { mustEqual, mustHold } from "../../../rules.ts";
import type { Stage } from "../../../stage.ts";
import { isThanked, type Sold } from "../shops.ts";
import { trackOf } from "../track.ts";

/**
 * L5, L6, L7 and L11 of docs/invariants.md; `../../../models/ledger.ts` replays the distribution of
 * sales.
 */
export async function checkSales(stage: Stage): Promise<void> {
  const { sold } = trackOf(stage);
  const booked = (await stage.database.collection("sales").get()).docs.map(toSale);
  const known = new Set(sold.map(({ id }) => id));
  const strange = booked.filter(({ id }) => !known.has(id)).map(({ id }) => id);
  mustEqual("G4", "sales that no shop made", strange, []);
  for (const each of sold) {
    const sale = booked.find(({ id }) => id === each.id);
    const isDue = each.provider === "stripe" || isThanked(stage, each.webhookId);
    mustHold("G2", sale !== undefined || !isDue, () => `sale ${each.id} is not booked`);
    if (!sale) continue;
    const taken = await takenOf(stage, each);
    const found = [sale.base, sale.currency, sale.soldAt.getTime(), sale.refunded];
    const expected = [each.base, each.currency, each.soldAtMs, taken];
    mustEqual("L5", `what is booked of sale ${each.id}`, found, expected);
    mustHold("L7", taken <= each.base, () => `more than sale ${each.id} is booked as refunded`);
    await checkFrozen(stage, each, sale);
  }
}

/**
 * What was refunded of a sale's items, by the shop's rules and the product's possible knowledge.
 */
async function takenOf(stage: Stage, sale: Sold): Promise<number> {
  const { provider, base, paid, refunded, dispute, piecesBack } = sale;
  if (provider === "stripe") {
    if (dispute?.state === "lost" || refunded === paid) return base;
    return Number((BigInt(base) * BigInt(refunded)) / BigInt(paid));
  }
  const place = stage.database.collection(`sales/${sale.id}/refunds`);
  const received = piecesBack.length > 0 ? (await place.get()).docs.map(({ id }) => id) : [];
  const counted = piecesBack.filter(
    ({ refundId, webhookId }) =>
      received.includes(`refund-${refundId}`) || isThanked(stage, webhookId),
  );
  return counted.reduce((sum, { amount }) => sum + amount, 0);
}

/**
 * L11: while a dispute is open its shares are frozen except for what was already paid out;
 * otherwise none is.
 */
async function checkFrozen(stage: Stage, { dispute }: Sold, sale: BookedSale): Promise<void> {
  const frozen = frozenOf(stage, sale.id);
  const stored = sale.frozen.reduce((sum, amount) => sum + amount, 0);
  mustEqual("L11", `what is frozen of sale ${sale.id}`, total(frozen), stored);
  const isOpen = dispute?.state === "open";
  mustHold("L11", isOpen || stored === 0, () => `${stored} of sale ${sale.id} stay frozen`);
  if (!isOpen) return;
  for (const { account, amount } of sharesIn(stage, sale.id)) {
    const wasPaid = [...postingsOf(stage)].some(
      (posting) => posting.account === account && posting.kind === "payout",
    );
    const has = frozen.get(account) ?? 0;
    const isRight = wasPaid ? has <= amount : has === amount;
    const found = () => `${has} of ${amount} of ${account} in disputed sale ${sale.id} are frozen`;
    mustHold("L11", isRight, found);
  }
}

function frozenOf(stage: Stage, saleId: string): Map<string, number> {
  const frozen = new Map<string, number>();
  const now = stage.cloud.clock.now();
  for (const { saleId: of, kind, account, amount, availableAt } of postingsOf(stage)) {
    if (of === saleId && kind !== "sale" && availableAt > now) add(frozen, account, amount);
  }
  return frozen;
}

function sharesIn(stage: Stage, saleId: string): { account: string; amount: number }[] {
  const shares = new Map<string, number>();
  for (const { saleId: of, account, amount } of postingsOf(stage)) {
    if (of === saleId && account.startsWith("racer:")) add(shares, account, amount);
  }
  return [...shares].map(([account, amount]) => ({ account, amount }));
}

function postingsOf(stage: Stage) {
  return trackOf(stage).ledger.postings.values();
}

function add(sums: Map<string, number>, key: string, amount: number): void {
  sums.set(key, (sums.get(key) ?? 0) + amount);
}

function total(sums: ReadonlyMap<string, number>): number {
  return [...sums.values()].reduce((sum, amount) => sum + amount, 0);
}
