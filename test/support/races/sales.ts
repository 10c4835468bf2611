import { community, type TestCloud } from "../cloud.ts";
import type { DropFields, shoppers } from "../shop/shop.ts";

/** Cloud Scheduler calls the sweeper at every full quarter of an hour. */
const SWEEP_PERIOD_MS = 15 * 60_000;

/** A paid sale: who sold what to whom, and where its money is at Stripe. */
export interface Sale {
  readonly builder: string;
  readonly account: string;
  readonly dropId: string;
  readonly orderId: string;
  readonly buyer: string;
  readonly sessionId: string;
  readonly chargeId: string;
}

/** Sales made through Discord, and what Stripe, Firestore and staff see of them. */
export function sales(cloud: TestCloud, people: ReturnType<typeof shoppers>) {
  const chargeOf = async (orderId: string) => String((await people.order(orderId))["charge_id"]);

  return {
    chargeOf,

    /**
     * A new builder, live on Twitch, sells one of two units, by default for $33.33, of which 166
     * cents are the platform's fee of 5 % and 3167 the builder's.
     */
    async sale(payment: "split" | "held", fields: DropFields = {}): Promise<Sale> {
      const { id: builder } = await people.builder({ isLive: true });
      const price = { price: "33.33", quantity: "2", limit: 2 };
      const dropId = await people.drop(builder, { ...price, payment, ...fields });
      const bought = await people.purchase(dropId);
      const chargeId = await chargeOf(bought.orderId);
      // Discord limits messages to one person per five seconds.
      await cloud.clock.advance(5000);
      await cloud.settle();
      return { builder, account: await people.accountOf(builder), dropId, ...bought, chargeId };
    },

    /** A connected account's balance at Stripe, in cents. */
    has: ({ account }: Pick<Sale, "account">): number =>
      cloud.stripe.balances().accounts[account]?.["usd"] ?? 0,

    /**
     * Lets time pass until the sweeper has run, and no further: a jump of the clock would exceed the
     * sweeper's deadline.
     */
    async nextSweep(): Promise<void> {
      const leftMs = SWEEP_PERIOD_MS - (cloud.clock.nowMs() % SWEEP_PERIOD_MS);
      await cloud.clock.advance(leftMs + 1000);
      await cloud.settle();
    },

    /** How many DMs with these words someone received. */
    timesNotified: (user: string, words: string): number =>
      people.messagesTo(user).filter((text) => text.includes(words)).length,

    /** The embeds that the operators' channel shows, oldest first, as text. */
    staffReads: (): string[] =>
      cloud.discord
        .messages(community.operatorsChannelId)
        .map(({ embeds }) => JSON.stringify(embeds)),

    /** The reasons of the dead letters. */
    async deadLetters(): Promise<string[]> {
      const { docs } = await cloud.firestore.collection("dead_letters").get();
      return docs.map((deadLetter) => String(deadLetter.get("reason")));
    },

    /** The objects of Stripe's events of a type, oldest first. */
    happened: (type: string): Record<string, unknown>[] =>
      cloud.stripe
        .events()
        .filter((event) => event.type === type)
        .map(({ data }) => data.object as Record<string, unknown>),

    /** Redelivers the newest event of a type about an object. */
    async repeat(type: string, objectId: string): Promise<void> {
      const event = cloud.stripe.events().findLast(({ type: other, data }) => {
        return other === type && (data.object as { id?: string }).id === objectId;
      });
      if (!event) throw new Error(`There is no ${type} of ${objectId}.`);
      await cloud.stripe.repeat(event.id);
      await cloud.settle();
    },
  };
}
