import type { Collected } from "../../../shared/clients/stripe/reading.ts";
import { isPseudonym } from "../../../shared/discord/pseudonym.ts";
import type { Session } from "../../../shared/web/session.ts";
import type { Deps } from "../deps.ts";
import type { AddressSubject } from "../domain/address-access.ts";
import type { PackedParcel } from "../store/parcel-moves.ts";
import { readAddress } from "./read-address.ts";

/** What decides whether the address of a parcel may still be read. */
export function subjectOf({ buyerId, arrivedAt }: PackedParcel["parcel"]): AddressSubject {
  return { isForgotten: isPseudonym(buyerId), deliveredAt: arrivedAt };
}

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
    const { builderId } = parcel;
    const read = () => deps.stripeReader.readCollected(sessionId);
    return readAddress({ ...subjectOf(parcel), orderId, builderId, session }, read, deps);
  }
  return undefined;
}
