import type { Timestamp } from "../../../shared/ports/database.ts";
import { community } from "../../cloud/community.ts";
import { seededRandom } from "../../kit/faults.ts";
import { actors } from "../actors/actors.ts";
import { auctionRoom } from "../actors/auction-room.ts";
import { abroad, addAudience, people, type Stage } from "../cast.ts";
import { type Timeline, withNames } from "../timeline.ts";
import { playFailover, playWar } from "./failover.ts";
import type { Purchase } from "./fulfilment.ts";

const BIDDERS = 100;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/**
 * Plays an auction: many simultaneous bids, secret ceilings, a bidding war, a failover, a snipe and
 * a second chance. Returns what was sold in the end.
 */
export async function playAuction(stage: Stage, timeline: Timeline): Promise<Purchase> {
  const { discord, firestore, stripe, cloud } = stage;
  const { clock } = cloud;
  const act = actors(stage, timeline);
  const channelId = community.marketplaceChannelId;
  const audience = addAudience(stage, BIDDERS);

  timeline.scene("An auction: two minutes, from $50, each bid at least $1 more");
  const started = await act.types(
    "mina",
    "c500 auction start",
    { title: "Founder's C500 in brass", price: "50", increment: "1", duration: "2m" },
    channelId,
  );
  const id = started.id;
  timeline.expect("it is up", started.text.includes("is up in"));
  const room = auctionRoom(stage, timeline, act, id);
  const { board, shows, bid, bids, advance } = room;
  const auction = async () => (await firestore.doc(`auctions/${id}`).get()).data() ?? {};
  await advance(2);
  timeline.expect("its board shows where it starts", shows("$50.00"));

  timeline.scene(`${BIDDERS} people bid at the same moment`);
  const random = seededRandom(500);
  const bidders = audience.map((user, index) => ({
    user,
    amount: 50 + Math.floor(index / 2 + random() * 8),
  }));
  timeline.does(
    "everyone",
    `bids between $50 and $${Math.max(...bidders.map(({ amount }) => amount))}`,
  );
  const answers = await Promise.all(bidders.map(({ user, amount }) => bid(user, amount)));
  const leading = answers.filter((text) => text.startsWith("You lead"));
  const refused = answers.filter((text) => text.includes("is too low"));
  const busy = answers.filter((text) => text.startsWith("So many people are bidding"));
  const asked = busy.length > 0 ? `; ${busy.length} were asked to try again` : "";
  timeline.does(
    "Redis",
    `accepted ${leading.length}, refused ${refused.length} as too low${asked}`,
  );
  const answered = leading.length + refused.length + busy.length;
  timeline.expect("everyone gets an answer immediately", answered === BIDDERS);
  await advance(3);
  await timeline.skipEvents();
  const accepted = bidders.filter((_bidder, index) => answers[index]?.startsWith("You lead"));
  const highest = Math.max(...accepted.map(({ amount }) => amount));
  timeline.expect("the highest accepted bid leads", shows(`$${highest}.00`));
  const recorded = await firestore.collection(`auctions/${id}/bids`).count().get();
  timeline.expect("every bid that counts is recorded", recorded.data().count === leading.length);

  timeline.scene("Secret ceilings compete");
  await bids("ada", 165, 400);
  const beaten = await bids("ben", 200, 350);
  timeline.expect("ben is outbid immediately, by the minimum", beaten.includes("$351.00"));
  await advance(1);
  await bids("ben", 370, 400);
  await advance(3);
  timeline.expect("the first of equal bids leads", shows("$400.00") && shows(people.ada));

  await playWar(stage, timeline, room, audience);
  await playFailover(stage, timeline, room);

  timeline.scene("A snipe with three seconds to go");
  const endsAt = async () => ((await auction())["ends_at"] as Timestamp).toMillis();
  const before = await endsAt();
  await clock.advance(before - clock.nowMs() - 3 * SECOND_MS);
  await cloud.settle();
  await timeline.skipEvents();
  await bids("cleo", 480);
  await timeline.skipEvents();
  await advance(2);
  timeline.expect("leaves the others ten seconds", (await endsAt()) > before);
  await advance(10);
  await timeline.printEvents();
  timeline.expect("the hammer falls once, for cleo", shows("SOLD") && shows(people.cleo));

  timeline.scene("Cleo does not pay; finn gets a second chance at his own bid");
  await clock.advance(33 * MINUTE_MS);
  await advance(3);
  await timeline.printEvents();
  const offer = discord
    .dms(people.finn)
    .findLast(({ content }) => content.includes("second chance"));
  timeline.expect("the price is no more than his bid", offer?.content.includes("$470") ?? false);
  const place = { channelId: offer?.channel_id ?? "", messageId: offer?.id ?? "" };
  timeline.does("finn", "presses Buy it for $470.00, and pays");
  await act.presses("finn", place, `auction-accept:${id}-1`);
  await cloud.settle();
  const order = (await firestore.doc(`orders/auction-${id}-1`).get()).data() ?? {};
  stripe.pay(String(order["checkout_session_id"]), "card", abroad("finn"));
  await advance(3);
  await timeline.printEvents();
  const paid = await timeline.order(`auction-${id}-1`);
  timeline.expect("the order is paid", paid["fulfillment_status"] === "paid");
  timeline.expect(
    "cleo's is not",
    (await timeline.order(`auction-${id}-0`))["paid_at"] === undefined,
  );
  const embed = board()?.embeds[0];
  timeline.table([
    "The board in the end:",
    `  ${embed?.title}: ${withNames(embed?.description ?? "")}`,
    ...(embed?.fields ?? []).map(({ name, value }) => `  ${name}: ${withNames(value)}`),
  ]);
  timeline.expect(
    "the board shows only the sale, not the earlier bids",
    shows("$470.00") && shows(people.finn) && !shows("Leading"),
  );
  return { who: "finn", orderId: `auction-${id}-1` };
}
