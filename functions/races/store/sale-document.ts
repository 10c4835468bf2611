import type { DocumentSnapshot } from "../../../shared/ports/database.ts";
import { saleDocument } from "../documents/sale.ts";
import { saleRefundDocument } from "../documents/sale-refund.ts";
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
  /** A later turn replaces what an earlier one took; 0 by default. */
  readonly turn?: number | undefined;
}

/** A new sale as it is stored. */
export function newSale({ id: _, ...sale }: BookedSale) {
  const sharing = sale.windows.filter(({ racerIds }) => racerIds.length > 0);
  return {
    ...sale,
    isTaxIncluded: sale.isTaxIncluded ?? false,
    lobbyIds: sharing.map(({ lobbyId }) => lobbyId),
  };
}

/** A sale as it is stored. Throws TerminalError when it is malformed. */
export function toSale(snapshot: DocumentSnapshot): BookedSale {
  return saleDocument.read(snapshot);
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

/** A refund as it is stored. Throws TerminalError when it is malformed. */
export function toRefund(snapshot: DocumentSnapshot): Omit<SaleRefund, "saleId"> {
  return saleRefundDocument.read(snapshot);
}
