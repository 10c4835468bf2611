import type { LocalClock } from "../../local/kit/clock.ts";
import type { Firestore } from "../../shared/ports/database.ts";
import { deleteAll } from "../support/stored/documents.ts";

export type AuctionSeeder = ReturnType<typeof auctionSeeder>;

/** A bid as it is seeded; amounts in minor units. */
export interface SeededBid {
  readonly bidderId: string;
  readonly price: number;
  /** Who leads after it; its own bidder by default. */
  readonly leaderId?: string;
  readonly kind?: "bid" | "ceiling";
}

/** What the bids so far came to. */
interface Standing {
  readonly sequence: number;
  readonly bids: number;
}

/** Numbers that nobody may read anywhere. */
export const secrets = { reserve: 87_654, ceiling: 98_765, typed: 1_357, max: 98_764 } as const;

/** Seeds auctions in the shapes they are stored in. */
export function auctionSeeder(firestore: Firestore, clock: LocalClock) {
  let next = 1;

  /** Records bids after those that are there, as the board's task does. */
  async function bid(id: string, bids: readonly SeededBid[]): Promise<void> {
    const place = firestore.doc(`auctions/${id}`);
    for (const { bidderId, price, leaderId = bidderId, kind = "bid" } of bids) {
      const before = (await place.get()).get("standing") as Standing | undefined;
      const sequence = (before?.sequence ?? 0) + 1;
      const standing = {
        sequence,
        bid_id: `9${sequence}`,
        price,
        leader_id: leaderId,
        leader_sequence: sequence,
        at: new Date(0),
        bids: (before?.bids ?? 0) + (kind === "bid" ? 1 : 0),
        ceiling: secrets.ceiling,
      };
      await place
        .collection("bids")
        .doc(String(sequence).padStart(8, "0"))
        .set({
          ...standing,
          kind,
          bidder_id: bidderId,
          amount: secrets.typed,
          max: secrets.max,
          at: clock.now(),
          ends_at: clock.now(),
        });
      await place.update({ standing, bidder_count: 2 });
    }
  }

  return {
    bid,

    /** An auction that by default runs for five more minutes; returns its id. */
    async auction(fields: object = {}, bids: readonly SeededBid[] = []): Promise<string> {
      const id = `14000000000000000${next++}`;
      await firestore.doc(`auctions/${id}`).set({
        builder_id: "300000000000000099",
        title: "Brass C500",
        currency: "usd",
        plan: "held",
        start_price: 5_000,
        reserve: secrets.reserve,
        increment: null,
        duration_ms: 300_000,
        counter_bid_ms: 10_000,
        opens: "now",
        state: "live",
        created_at: clock.now(),
        opened_at: clock.now(),
        image_url: null,
        boards: [],
        ends_at: new Date(clock.nowMs() + 300_000),
        latest_end: new Date(clock.nowMs() + 900_000),
        ...fields,
      });
      await bid(id, bids);
      return id;
    },

    async clear(): Promise<void> {
      await deleteAll(firestore, "auctions");
    },
  };
}
