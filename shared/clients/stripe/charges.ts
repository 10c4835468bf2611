import { readId } from "../../documents/outside-id.ts";
import type { Call } from "./call.ts";

/** What is read of a single charge. */
export function chargeCalls(call: Call) {
  return {
    /**
     * Whether a charge has its balance transaction, which can take an hour after the payment. Before that nothing can
     * be transferred from it. https://docs.stripe.com/payments/payment-intents/asynchronous-capture
     */
    isBooked: (chargeId: string): Promise<boolean> =>
      call(
        async (stripe) => (await stripe.charges.retrieve(chargeId)).balance_transaction !== null,
      ),

    /** The order that a charge was made for, if any. */
    orderOfCharge: (chargeId: string): Promise<string | undefined> =>
      call(async (stripe) =>
        readId((await stripe.charges.retrieve(chargeId)).metadata["order_id"]),
      ),
  };
}
