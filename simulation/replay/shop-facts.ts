import type { SoldItem } from "../models/ledger-state.ts";
import { trackOf } from "../scenarios/race/track.ts";
import type { Stage } from "../stage.ts";

/** Events at shops and staff's commands. */
export type ShopFact =
  | { readonly what: "sold"; readonly sale: SoldItem }
  | { readonly what: "back"; readonly saleId: string; readonly amount: number }
  | { readonly what: "typed"; readonly payoutId: string };

/** Returns a function that lists the new facts at a run's shops since its last call. */
export function shopFacts(stage: Stage): () => readonly ShopFact[] {
  const sold = new Map<string, number>();
  const typed = new Set<string>();
  return () => {
    if (!stage.memory.has("track")) return [];
    const facts: ShopFact[] = [];
    const { sold: sales, typed: payouts, staff } = trackOf(stage);
    for (const sale of sales) {
      const known = sold.get(sale.id);
      if (known === undefined) facts.push({ what: "sold", sale: soldItem(sale) });
      for (const { amount } of sale.piecesBack.slice(known ?? 0)) {
        facts.push({ what: "back", saleId: sale.id, amount });
      }
      sold.set(sale.id, sale.piecesBack.length);
    }
    for (const { id, by } of payouts) {
      if (id === undefined || typed.has(id) || !staff.includes(by)) continue;
      typed.add(id);
      facts.push({ what: "typed", payoutId: id });
    }
    return facts;
  };
}

function soldItem({ id, provider, base, paid, currency, soldAtMs, named, chargeId }: SoldItem) {
  return { id, provider, base, paid, currency, soldAtMs, named, chargeId };
}
