import type { Collected } from "../../../shared/clients/stripe/reading.ts";
import type { Session } from "../../../shared/web/session.ts";
import type { Deps } from "../deps.ts";
import type { PackedParcel } from "../store/parcel-moves.ts";
import { readAddress } from "./read-address.ts";

/**
 * Who a parcel goes to, read at Stripe for the builder who is signed in: the address of its first order. Undefined if
 * they may not read it, or nothing was paid at Stripe. Each view is logged.
 */
export async function readRecipient(
  { parcel, orders }: PackedParcel,
  session: Pick<Session, "userId">,
  deps: Pick<Deps, "stripeReader" | "clock" | "log">,
): Promise<Collected | undefined> {
  for (const { id: orderId, payment } of orders) {
    const sessionId = payment?.checkout.sessionId;
    if (sessionId === undefined) continue;
    const { builderId, arrivedAt: deliveredAt } = parcel;
    const read = () => deps.stripeReader.readCollected(sessionId);
    return readAddress({ orderId, builderId, session, deliveredAt }, read, deps);
  }
  return undefined;
}
