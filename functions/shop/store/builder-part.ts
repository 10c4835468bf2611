import type { ChangesOf } from "../../../shared/documents/define-document.ts";
import type { Firestore, Transaction } from "../../../shared/ports/database.ts";
import type { orderDocument } from "../documents/order.ts";
import { givenTooMuch } from "../domain/builder-part.ts";
import type { Order, Payment } from "../domain/order.ts";
import { debtId } from "./refunds/debt-document.ts";
import { planDebt, planForgiving } from "./refunds/debt-plans.ts";

/** Changes to the payment in an order's document. */
type PaymentChanges = NonNullable<ChangesOf<typeof orderDocument>["payment"]>;

/** The effect of a payment change on the builder's part. */
export interface BuilderPart {
  readonly payment: Payment;
  /** Changes to write to the order's payment. */
  readonly changes: PaymentChanges;
  /** The debt that was made, if any. */
  readonly debtId: string | undefined;
  readonly apply: () => void;
}

/**
 * Plans the adjustment of the builder's part after a change of an order's money; `payment` already includes the
 * change. If the builder received more than their part, the excess becomes a debt for this `cause`. If they
 * received too little, their debts for the order are reduced first, and the rest is held for them and released
 * again. While a transfer is under way nothing is planned, because its outcome triggers the same adjustment. Reads
 * immediately; `apply` writes.
 */
export async function planBuilderPart(
  firestore: Firestore,
  transaction: Transaction,
  { id: orderId, builderId }: Pick<Order, "id" | "builderId">,
  {
    payment,
    cause,
    now,
  }: { readonly payment: Payment; readonly cause: string; readonly now: Date },
): Promise<BuilderPart> {
  const { transfer, hold, currency } = payment;
  const nothing = { payment, changes: {}, debtId: undefined, apply: () => undefined };
  if (!transfer || hold === "releasing") return nothing;
  const amount = givenTooMuch(payment);
  if (amount === 0) return nothing;
  const after = (takenBack: number) => {
    const changes = { transfer: { ...transfer, takenBack } };
    return { changes, payment: { ...payment, ...changes } };
  };
  if (amount > 0) {
    const id = debtId(orderId, cause);
    const debt = { id, builderId, orderId, amount, currency };
    const apply = await planDebt(firestore, transaction, debt, now);
    return { ...after(transfer.takenBack + amount), debtId: id, apply };
  }
  const debts = { builderId, orderId, most: -amount };
  const { forgiven, apply } = await planForgiving(firestore, transaction, debts);
  const changed = after(transfer.takenBack - forgiven);
  if (forgiven === -amount || hold !== "released") return { ...changed, debtId: undefined, apply };
  return {
    changes: { ...changed.changes, hold: "held" },
    payment: { ...changed.payment, hold: "held" },
    debtId: undefined,
    apply,
  };
}
