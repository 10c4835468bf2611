import { scheduleLostBidsCheck } from "../boards/schedule-board.ts";
import type { Deps } from "../deps.ts";
import type { AcceptedBid } from "../events/auction-tasks.ts";

/** Bids that arrive while a task is being created go into the next one. */
interface Outbox {
  isSending: boolean;
  waiting: AcceptedBid[];
  sent: PromiseWithResolvers<void>;
}

/**
 * Stores accepted bids in Cloud Tasks before their bidders are answered. A task later looks for each bid in the record,
 * so that its bidder is notified if Redis has lost it. At most one task at a time is created per auction: under load,
 * many bids share one.
 */
export function createAcceptedBids(deps: Pick<Deps, "tasks" | "clock" | "log">) {
  const outboxes = new Map<string, Outbox>();

  async function sendAll(auctionId: string, outbox: Outbox): Promise<void> {
    outbox.isSending = true;
    while (outbox.waiting.length > 0) {
      const { waiting: bids, sent } = outbox;
      outbox.waiting = [];
      outbox.sent = Promise.withResolvers();
      try {
        await scheduleLostBidsCheck(auctionId, bids, deps);
      } catch (error) {
        deps.log.error("Accepted bids could not be stored", error, { auction: auctionId });
      }
      sent.resolve();
    }
    outboxes.delete(auctionId);
  }

  return {
    /** Resolves once the bid is stored, or once storing it has failed, which is logged. Never rejects. */
    keep(auctionId: string, bid: AcceptedBid): Promise<void> {
      const known = outboxes.get(auctionId);
      const outbox = known ?? {
        isSending: false,
        waiting: [],
        sent: Promise.withResolvers<void>(),
      };
      outboxes.set(auctionId, outbox);
      outbox.waiting.push(bid);
      const { promise } = outbox.sent;
      if (!outbox.isSending) void sendAll(auctionId, outbox);
      return promise;
    },
  };
}
