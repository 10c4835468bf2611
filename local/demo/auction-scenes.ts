import { community } from "../community.ts";
import { seededRandom } from "../kit/faults.ts";
import { actors } from "./actors.ts";
import { addAudience, type Person, people, type Stage } from "./cast.ts";
import type { Timeline } from "./timeline.ts";

const BIDDERS = 200;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;

/** Plays an auction: a whole audience at once, secret ceilings, a snipe, a winner who does not pay. */
export async function playAuction(stage: Stage, timeline: Timeline): Promise<void> {
  const { discord, firestore, stripe, cloud } = stage;
  const { clock } = cloud;
  const act = actors(stage, timeline);
  const channelId = community.marketplaceChannelId;
  const audience = addAudience(stage, BIDDERS);
  const endpoint = `${cloud.functions.url}/discord-interactions`;

  timeline.scene("An auction: two minutes, from $50");
  const started = await act.types(
    "mina",
    "c500 auction start",
    { title: "Founder's C500 in brass", price: "50", duration: "2m" },
    channelId,
  );
  const id = started.id;
  timeline.expect("it is up", started.text.includes("is up in"));
  await advance(2);
  const board = () => discord.messages(channelId).find(({ components }) => has(components, id));
  const auction = async () => (await firestore.doc(`auctions/${id}`).get()).data() ?? {};
  const shows = (words: string) => has(board()?.embeds, words);
  timeline.expect("its board shows where it starts", shows("$50.00"));

  const bid = async (user: string, amount: number, max?: number): Promise<string> => {
    const options = { amount: String(amount), ...(max && { max: String(max) }) };
    const use = { user, channelId, name: "bid", options };
    return act.read((await discord.client.command(endpoint, use)).id).text;
  };
  /** Someone of whom we know the name. */
  const bids = async (who: Person, amount: number, max?: number): Promise<string> => {
    const ceiling = max === undefined ? "" : ` max:${max}`;
    timeline.does(who, `types /bid amount:${amount}${ceiling}`);
    const text = await bid(people[who], amount, max);
    timeline.does("Discord", `only ${who} sees: ${text.replace(/<t:\d+:R>/g, "soon")}`);
    return text;
  };

  timeline.scene(`${BIDDERS} people bid at the same moment`);
  const random = seededRandom(500);
  const wishes = audience.map((user, index) => ({
    user,
    amount: 50 + Math.floor(index / 2 + random() * 8),
  }));
  timeline.does(
    "everyone",
    `bids between $50 and $${Math.max(...wishes.map(({ amount }) => amount))}`,
  );
  const answers = await Promise.all(wishes.map(({ user, amount }) => bid(user, amount)));
  const leading = answers.filter((text) => text.startsWith("You lead"));
  const refused = answers.filter((text) => text.includes("is too low"));
  timeline.does("Redis", `took ${leading.length}, refused ${refused.length} that came too low`);
  timeline.expect("everyone is answered at once", leading.length + refused.length === BIDDERS);
  await advance(3);
  await timeline.passOver();
  const accepted = wishes.filter((_wish, index) => answers[index]?.startsWith("You lead"));
  const highest = Math.max(...accepted.map(({ amount }) => amount));
  timeline.expect("the highest that was taken leads", shows(`$${highest}.00`));
  const recorded = await firestore.collection(`auctions/${id}/bids`).count().get();
  timeline.expect("every bid that counts is recorded", recorded.data().count === leading.length);

  timeline.scene("Secret ceilings fight each other");
  await bids("ada", 165, 400);
  const beaten = await bids("ben", 200, 350);
  timeline.expect("ben is outbid at once, by as little as needed", beaten.includes("$360.00"));
  await advance(1);
  await bids("ben", 370, 400);
  await advance(3);
  timeline.expect("of equals the first leads", shows("$400.00") && shows(people.ada));

  timeline.scene("Redis loses what it holds, with a bid that is not recorded yet");
  await bids("dev", 425);
  timeline.does("Redis", "comes back empty");
  await cloud.upstash?.loseData();
  timeline.expect("bidding pauses", (await bids("eve", 430)).includes("pauses"));
  await advance(6);
  await timeline.saw();
  timeline.expect("the board says where it went back to", shows("Went back to bid"));
  timeline.expect("ada leads again", shows("$400.00") && shows(people.ada));
  const posts = discord.messages(channelId).map(({ content }) => content);
  timeline.expect("the channel reads that bidding goes on", posts.join().includes("goes on now"));
  const toDev = discord.dms(people.dev).at(-1)?.content ?? "";
  timeline.expect("dev is notified that the bid is lost", toDev.includes("was lost"));

  timeline.scene("A snipe with three seconds to go");
  const endsAt = async () => (await auction())["ends_at"].toMillis() as number;
  const before = await endsAt();
  await clock.advance(before - clock.nowMs() - 3 * SECOND_MS);
  await cloud.settle();
  await timeline.passOver();
  await bids("cleo", 420);
  await advance(2);
  timeline.expect("leaves the others ten seconds", (await endsAt()) > before);
  await advance(10);
  await timeline.saw();
  timeline.expect("the hammer falls once, for cleo", shows("SOLD") && shows(people.cleo));

  timeline.scene("Cleo does not pay; ada gets a second chance at her own bid");
  await clock.advance(33 * MINUTE_MS);
  await advance(3);
  await timeline.saw();
  const offer = discord
    .dms(people.ada)
    .findLast(({ content }) => content.includes("second chance"));
  timeline.expect(
    "she is asked for no more than she bid",
    offer?.content.includes("$400") ?? false,
  );
  const place = { channelId: offer?.channel_id ?? "", messageId: offer?.id ?? "" };
  timeline.does("ada", "presses Buy it for $400.00, and pays");
  await act.presses("ada", place, `auction-accept:${id}-1`);
  await cloud.settle();
  const order = (await firestore.doc(`orders/auction-${id}-1`).get()).data() ?? {};
  stripe.pay(String(order["checkout_session_id"]));
  await advance(3);
  await timeline.saw();
  const paid = await timeline.order(`auction-${id}-1`);
  timeline.expect("the order is paid", paid["fulfillment_status"] === "paid");
  timeline.expect(
    "cleo's is not",
    (await timeline.order(`auction-${id}-0`))["paid_at"] === undefined,
  );
  const embed = board()?.embeds[0];
  timeline.table([
    "The board in the end:",
    `  ${embed?.title}: ${embed?.description?.replace(/<@\d+>/, "@ada")}`,
    ...(embed?.fields ?? []).map(({ name, value }) => `  ${name}: ${withoutIds(value)}`),
  ]);
  timeline.expect(
    "the board ends with the sale, and nothing of the bids before",
    shows("$400.00") && shows(people.ada) && !shows("Leading"),
  );

  /** Seconds pass one by one, as the board's tasks want them. */
  async function advance(seconds: number): Promise<void> {
    for (let left = seconds; left > 0; left -= 1) {
      await clock.advance(SECOND_MS);
      await cloud.settle();
    }
  }
}

function has(value: unknown, words: string): boolean {
  return JSON.stringify(value ?? "").includes(words);
}

function withoutIds(text: string): string {
  return text.replace(/<@(\d+)>/g, (_mention, id: string) => {
    return `@${Object.entries(people).find(([, known]) => known === id)?.[0] ?? "someone"}`;
  });
}
