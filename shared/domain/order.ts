/**
 * Where an order stands. Stored data may hold other words; they are treated as open, so that an
 * order is never lost to a spelling.
 */
export const CLOSED_STATUSES: ReadonlySet<string> = new Set([
  "shipped",
  "delivered",
  "cancelled",
  "refunded",
]);

/** The stream that showed an order on the workbench: the proof of work that unlocks its money. */
export interface ProofOfWork {
  readonly goLiveId: string;
  readonly streamId: string;
  readonly verifiedAtMs: number;
}

/** One purchase by one buyer from one builder. */
export interface Order {
  readonly id: string;
  readonly buyerId: string;
  readonly builderId: string;
  readonly title: string | undefined;
  readonly fulfillmentStatus: string;
  readonly twitchVodLink: string | undefined;
  readonly proof: ProofOfWork | undefined;
}

/** Whether there is still work to do on an order. */
export function isOpen(order: Pick<Order, "fulfillmentStatus">): boolean {
  return !CLOSED_STATUSES.has(order.fulfillmentStatus);
}
