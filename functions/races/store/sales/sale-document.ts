import type { DocumentSnapshot } from "../../../../shared/ports/database.ts";
import { saleDocument } from "../../documents/sale.ts";
import { saleRefundDocument } from "../../documents/sale-refund.ts";
import type { BookedSale, Sale, Taken } from "../../domain/sale.ts";

/** A refund or dispute that takes back part of a sale. */
export interface SaleRefund extends Taken {
  readonly saleId: string;
  /** The id of the provider's object: a refund, all refunds of a charge, or a dispute. */
  readonly id: string;
  /** The largest amount reported within a turn. */
  readonly amount: number;
  /** Replaces `amount` if the sale's prices include tax. */
  readonly amountWithTaxIn?: number | undefined;
  readonly currency: string;
  /** A later turn replaces the amount of an earlier one; 0 by default. */
  readonly turn?: number | undefined;
}

/** Encodes a new sale for storage. */
export function newSale({ id: _, ...sale }: BookedSale) {
  const sharing = sale.windows.filter(({ racerIds }) => racerIds.length > 0);
  return {
    ...sale,
    isTaxIncluded: sale.isTaxIncluded ?? false,
    lobbyIds: sharing.map(({ lobbyId }) => lobbyId),
  };
}

/** Decodes a stored sale. Throws TerminalError if it is malformed. */
export function toSale(snapshot: DocumentSnapshot): BookedSale {
  return saleDocument.read(snapshot);
}

/** What a stored refund deducts; nothing if its currency differs from its sale's. */
export function takenBy(snapshot: DocumentSnapshot, sale: TakenOff): Taken {
  return takenOf(toRefund(snapshot), sale);
}

/** The fields of a sale that are needed to read its refunds. */
type TakenOff = Pick<Sale, "currency" | "isTaxIncluded">;

/** What a refund deducts; nothing if its currency differs from its sale's. */
export function takenOf(refund: Omit<SaleRefund, "saleId">, sale: TakenOff): Taken {
  const { id, paid, currency } = refund;
  const amount = (sale.isTaxIncluded ? refund.amountWithTaxIn : undefined) ?? refund.amount;
  return { id, paid, amount: currency === sale.currency ? amount : 0 };
}

/** The ids of the refunds whose currency differs from the sale's; operators have to handle them. */
export function foreignTo(sale: Sale, refunds: readonly DocumentSnapshot[]): string[] {
  return refunds
    .map(toRefund)
    .filter(({ currency }) => currency !== sale.currency)
    .map(({ id }) => id);
}

/** Whether a refund has a later turn than the stored one, or a larger amount in the same turn. */
export function isLaterReport(
  { turn: lastTurn = 0, amount: reported }: Omit<SaleRefund, "saleId">,
  { turn = 0, amount }: SaleRefund,
): boolean {
  return turn === lastTurn ? reported < amount : lastTurn < turn;
}

/** Decodes a stored refund. Throws TerminalError if it is malformed. */
export function toRefund(snapshot: DocumentSnapshot): Omit<SaleRefund, "saleId"> {
  return saleRefundDocument.read(snapshot);
}
