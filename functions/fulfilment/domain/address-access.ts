const DAY_MS = 24 * 60 * 60_000;
/** How long after an order's delivery its builder may still read where it went: for parcels that come back. */
export const ADDRESS_DAYS = 30;

/** Whose address is asked for, and by whom. */
export interface AddressRequest {
  /** The order's builder. */
  readonly builderId: string;
  /** Who is signed in, if anyone is. */
  readonly session: { readonly userId: string } | undefined;
  /** Undefined until the order has arrived. */
  readonly deliveredAt: Date | undefined;
  readonly now: Date;
}

/** Whether someone may read an order's address: its builder alone, until 30 days after its delivery. */
export function mayReadAddress({ builderId, session, deliveredAt, now }: AddressRequest): boolean {
  if (session?.userId !== builderId) return false;
  return !deliveredAt || now.getTime() < deliveredAt.getTime() + ADDRESS_DAYS * DAY_MS;
}
