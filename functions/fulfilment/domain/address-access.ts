const DAY_MS = 24 * 60 * 60_000;
/** How long after an order's delivery its builder may still read where it went: for parcels that come back. */
export const ADDRESS_DAYS = 30;

/** What decides how long an order's address may be read. */
export interface AddressSubject {
  /** Whether its buyer was forgotten. */
  readonly isForgotten: boolean;
  /** Undefined until the order has arrived. */
  readonly deliveredAt: Date | undefined;
}

/** Which address is asked for, and by whom. */
export interface AddressRequest extends AddressSubject {
  /** The order's builder. */
  readonly builderId: string;
  /** Who is signed in, if anyone is. */
  readonly session: { readonly userId: string } | undefined;
  readonly now: Date;
}

/** Whether someone may read an order's address: its builder alone, until nobody may. */
export function mayReadAddress({ builderId, session, now, ...subject }: AddressRequest): boolean {
  return session?.userId === builderId && !isAddressOver(subject, now);
}

/** Whether nobody reads an address any more: 30 days after the order's delivery, or once its buyer is forgotten. */
export function isAddressOver({ isForgotten, deliveredAt }: AddressSubject, now: Date): boolean {
  if (isForgotten) return true;
  return (
    deliveredAt !== undefined && now.getTime() >= deliveredAt.getTime() + ADDRESS_DAYS * DAY_MS
  );
}
