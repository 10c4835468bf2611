import { community } from "../../cloud/community.ts";
import { actors } from "../actors/actors.ts";
import { auctionRoom } from "../actors/auction-room.ts";
import { shopping } from "../actors/shopping.ts";
import { type Person, people, type Stage } from "../cast.ts";
import { pagePart } from "../page-text.ts";
import type { Timeline } from "../timeline.ts";

/** An order that someone has paid. */
export interface Purchase {
  readonly who: Person;
  readonly orderId: string;
}

/** What one stream sold. */
export interface PlayedStream {
  /** Ivo's: all of them go into one parcel. */
  readonly together: readonly Purchase[];
  /** Hana's, which nobody sends. */
  readonly unsent: Purchase;
}

/** Where the buyers of the stream live. */
const HOMES = {
  ivo: { country: "US", name: "United States" },
  hana: { country: "DE", name: "Germany" },
} as const;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** Plays a stream on which someone buys two things, wins a third and pays for one parcel. */
export async function playBundle(stage: Stage, timeline: Timeline): Promise<PlayedStream> {
  const { cloud, twitch } = stage;
  const act = actors(stage, timeline);
  const { postsDrop, buys, pays } = shopping(stage, timeline);

  timeline.scene("Mina says what shipping costs, and starts another stream");
  const terms = {
    from: "Canada",
    home: "8",
    countries: "United States",
    "countries-price": "14",
    world: "25",
    further: "3",
    "dispatch-days": 3,
  };
  const set = await act.types("mina", "c500 shipping", terms);
  timeline.expect("what she sells from now on has these terms", set.text.includes("terms are set"));
  twitch.goLive("mina_makes", { title: "Small things for keyboards" });
  await cloud.settle();
  const weight = await postsDrop("mina", { title: "Brass weight", price: "40", quantity: "3" });
  const cable = await postsDrop("mina", { title: "Coiled cable", price: "25", quantity: "1" });

  timeline.scene("Ivo buys the first thing: where should it go?");
  const first = await buys("ivo", weight, HOMES.ivo);
  const asked = "Where should it go?";
  timeline.expect(
    "he was asked for his country alone",
    first.answers[0]?.text.includes(asked) === true,
  );
  timeline.expect("he pays $14.00 for shipping, and tax", await costs(first, 4000, 1400, 392));

  timeline.scene("Hana buys one too; her parcel goes elsewhere");
  const unsent = await buys("hana", weight, HOMES.hana);
  timeline.expect("she pays $25.00 for shipping, and tax", await costs(unsent, 4000, 2500, 1235));

  timeline.scene("Ivo buys a second thing on the same stream");
  const second = await buys("ivo", cable, HOMES.ivo);
  timeline.expect("nobody asks him again", second.answers.length === 1);
  timeline.expect("shipping adds only $3.00", await costs(second, 2500, 300, 203));

  timeline.scene("He wins a third in an auction");
  const third = await wins("ivo", "Artisan keycap", 32);
  timeline.expect("shipping adds only $3.00", await costs(third, 3200, 300, 254));
  const parcels = await Promise.all(
    [first, second, third].map(async ({ orderId }) => (await order(orderId))["parcel_id"]),
  );
  timeline.expect("all three are in one parcel", new Set(parcels).size === 1);

  timeline.scene("What the page of his order shows");
  const url = act.linkInDm("ivo", "Your order");
  timeline.does("ivo", "presses Your order");
  const page = await (await cloud.fetch(url)).text();
  const parts = ["Ships together with", "What it costs"].map((title) => pagePart(page, title));
  timeline.table(parts.flat());
  const others = parts[0]?.join() ?? "";
  timeline.expect(
    "the keycap ships together with the weight and the cable",
    others.includes("Brass weight") && others.includes("Coiled cable"),
  );
  return { together: [first, second, third], unsent };

  async function order(id: string): Promise<Record<string, unknown>> {
    return (await stage.firestore.doc(`orders/${id}`).get()).data() ?? {};
  }

  /** Whether an order was charged these items, this shipping and this tax, in cents. */
  async function costs({ orderId }: Purchase, items: number, shipping: number, tax: number) {
    const { amount, shipping_amount: shippingPaid, tax: taxPaid } = await order(orderId);
    return amount === items + shipping + tax && shippingPaid === shipping && taxPaid === tax;
  }

  async function wins(who: Person, title: string, amount: number): Promise<Purchase> {
    const channelId = community.marketplaceChannelId;
    const lot = { title, price: "20", duration: "1m" };
    const { id } = await act.types("mina", "c500 auction start", lot, channelId);
    const room = auctionRoom(stage, timeline, act, id);
    await room.advance(2);
    await timeline.printEvents();
    await bids("hana", 25);
    await bids(who, amount);
    await room.advance(61);
    await timeline.printEvents();
    const orderId = `auction-${id}-0`;
    await pays(who, String((await order(orderId))["checkout_session_id"]), HOMES.ivo);
    return { who, orderId };

    async function bids(bidder: Person, price: number): Promise<void> {
      timeline.does(bidder, `types /bid amount:${price}`);
      await room.bid(people[bidder], price);
      await room.advance(2);
      await timeline.printEvents();
    }
  }
}

/**
 * Lets hours pass. Of the sweeper, which does what was due in them, only the last runs are played: minute by minute,
 * until a state is there.
 */
export async function passHours(
  { cloud }: Stage,
  hours: number,
  until: () => boolean = () => true,
): Promise<void> {
  cloud.scheduler.pause();
  await cloud.clock.advance(hours * HOUR_MS);
  cloud.scheduler.resume();
  await cloud.settle();
  for (let minutes = 0; minutes < 60 && !until(); minutes += 1) {
    await cloud.clock.advance(MINUTE_MS);
    await cloud.settle();
  }
}
