import * as z from "zod/mini";
import { parseDocument, stored, timestamp } from "../../../shared/documents/document.ts";
import { provider } from "../../../shared/money/ledger.ts";
import type { DocumentSnapshot } from "../../../shared/ports/database.ts";
import type { BookedSale, Sale, Taken } from "../domain/sale.ts";

/** Something that takes back a part of a sale. */
export interface SaleRefund extends Taken {
  readonly saleId: string;
  /** What it is to the provider: a refund, all refunds of a charge, a dispute. */
  readonly id: string;
  /** Of one turn the most that was heard of. */
  readonly amount: number;
  /** The amount instead, should the sale's prices have tax in them. */
  readonly amountWithTaxIn?: number | undefined;
  readonly currency: string;
  /** A later turn replaces what an earlier one took; 0 unless told. */
  readonly turn?: number | undefined;
}

const saleDocument = z.object({
  provider,
  base: z.int(),
  currency: z.string(),
  sold_at: timestamp,
  notified_at: stored(timestamp),
  is_tax_included: stored(z.boolean()),
  named_lobby_id: stored(z.string()),
  title: z.string(),
  windows: z.array(
    z.object({ lobby_id: z.string(), rate_bps: z.int(), racer_ids: z.array(z.string()) }),
  ),
  refunded: z.int(),
  available_at: timestamp,
  frozen: stored(z.array(z.int())),
  freezes: stored(z.int()),
});
const refundDocument = z.object({
  amount: z.int(),
  amount_with_tax_in: stored(z.int()),
  paid: stored(z.int()),
  currency: z.string(),
  turn: stored(z.int()),
});

/** A sale's fields. */
export function saleFieldsOf(sale: BookedSale) {
  return {
    ...{ provider: sale.provider, base: sale.base, currency: sale.currency, title: sale.title },
    ...{ notified_at: sale.notifiedAt ?? null, is_tax_included: sale.isTaxIncluded ?? false },
    ...{ sold_at: sale.soldAt, available_at: sale.availableAt, refunded: sale.refunded },
    named_lobby_id: sale.lobbyId ?? null,
    windows: sale.windows.map(({ lobbyId, rateBps, racerIds }) => ({
      ...{ lobby_id: lobbyId, rate_bps: rateBps, racer_ids: racerIds },
    })),
    lobby_ids: sale.windows
      .filter(({ racerIds }) => racerIds.length > 0)
      .map(({ lobbyId }) => lobbyId),
    frozen: [...sale.frozen],
    freezes: sale.freezes,
  };
}

/** A sale as it is stored. Throws TerminalError when it is malformed. */
export function toSale(snapshot: DocumentSnapshot): BookedSale {
  const fields = parseDocument(snapshot.ref.path, saleDocument, snapshot.data());
  return {
    ...{ id: snapshot.id, provider: fields.provider, base: fields.base, title: fields.title },
    ...{ currency: fields.currency, soldAt: fields.sold_at, lobbyId: fields.named_lobby_id },
    ...{ notifiedAt: fields.notified_at, isTaxIncluded: fields.is_tax_included },
    ...{ refunded: fields.refunded, availableAt: fields.available_at },
    ...{ frozen: fields.frozen ?? [], freezes: fields.freezes ?? 0 },
    windows: fields.windows.map((window) => ({
      ...{ lobbyId: window.lobby_id, rateBps: window.rate_bps, racerIds: window.racer_ids },
    })),
  };
}

/** What a stored refund takes back; nothing where it is in another currency than its sale. */
export function takenBy(snapshot: DocumentSnapshot, sale: TakenOff): Taken {
  return takenOf(toRefund(snapshot), sale);
}

/** What has to be known of a sale to read its refunds. */
type TakenOff = Pick<Sale, "currency" | "isTaxIncluded">;

/** What a refund takes back; nothing where it is in another currency than its sale. */
export function takenOf(refund: Omit<SaleRefund, "saleId">, sale: TakenOff): Taken {
  const { id, paid, currency } = refund;
  const amount = (sale.isTaxIncluded ? refund.amountWithTaxIn : undefined) ?? refund.amount;
  return { id, paid, amount: currency === sale.currency ? amount : 0 };
}

/** Those that operators have to see to. */
export function foreignTo(sale: Sale, refunds: readonly DocumentSnapshot[]): string[] {
  return refunds
    .map(toRefund)
    .filter(({ currency }) => currency !== sale.currency)
    .map(({ id }) => id);
}

/** Whether a refund says more than what was heard of it. */
export function isNews(
  { turn: lastTurn = 0, amount: heard }: Omit<SaleRefund, "saleId">,
  { turn = 0, amount }: SaleRefund,
): boolean {
  return turn === lastTurn ? heard < amount : lastTurn < turn;
}

/** A refund's fields. */
export function refundFieldsOf({ amount, amountWithTaxIn, paid, currency, turn }: SaleRefund) {
  const only = { amount_with_tax_in: amountWithTaxIn ?? null, paid: paid ?? null };
  return { amount, currency, ...only, turn: turn ?? null };
}

/** A refund as it is stored. Throws TerminalError when it is malformed. */
export function toRefund(snapshot: DocumentSnapshot): Omit<SaleRefund, "saleId"> {
  const fields = parseDocument(snapshot.ref.path, refundDocument, snapshot.data());
  const { amount, amount_with_tax_in: amountWithTaxIn, paid, currency, turn } = fields;
  return { id: snapshot.id, amount, amountWithTaxIn, paid, currency, turn };
}
