import type { ChangesOf } from "../../../shared/documents/define-document.ts";
import type { Firestore, Transaction } from "../../../shared/ports/database.ts";
import type { orderDocument } from "../documents/order.ts";
import { givenTooMuch } from "../domain/builder-part.ts";
import type { Order, Payment } from "../domain/order.ts";
import { debtId } from "./debt-document.ts";
import { planDebt, planForgiving } from "./debt-plans.ts";

/** What of an order's payment changes. */
type PaymentChanges = NonNullable<ChangesOf<typeof orderDocument>["payment"]>;

/** What follows for the builder from a change of an order's money. */
export interface BuilderPart {
  readonly payment: Payment;
  /** Of the order's document: its payment. */
  readonly changes: PaymentChanges;
  /** The debt that was made, if any. */
  readonly debtId: string | undefined;
  readonly apply: () => void;
}

/**
 * Plans what makes up for a change of an order's money, of which `payment` has it already. What the builder
 * was given beyond their part they owe, under this cause. What they were given too little is forgiven of what
 * they owe of the order; the rest is held for them, and released once more. While a transfer is under way
 * nothing follows: its outcome makes up for all. Reads at once; `apply` writes.
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
