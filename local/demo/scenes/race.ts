import { community } from "../../cloud/community.ts";
import { raceTrack } from "../actors/race-track.ts";
import { type Person, people, type Stage } from "../cast.ts";
import { photographSale } from "../pictures/pot-picture.ts";
import type { Timeline } from "../timeline.ts";

/** Values that later scenes need. */
export interface PlayedRaces {
  /** At Stripe: a payment of $150.00 from which Ada and Cleo earn a share. */
  readonly bigPaymentId: string;
}

const MINUTE_MS = 60_000;
const LATE_MS = 10 * MINUTE_MS;

/**
 * Plays two races with overlapping commission windows: sales before, during and after them on
 * Stripe, Ko-fi and Shopify, late and repeated webhooks, and the Live Pot, with a screenshot if
 * `pictureFile` names a file for it.
 */
export async function playRaces(
  stage: Stage,
  timeline: Timeline,
  pictureFile: string | undefined,
): Promise<PlayedRaces> {
  const { cloud, stripe, discord } = stage;
  const { kofi, shopify } = cloud.shops;
  const track = raceTrack(stage, timeline);

  timeline.scene("Only approved hosts can host races");
  const refused = await track.types("mina", "race lobby", { name: "Friday Night GP" });
  timeline.expect("mina is no host yet", refused.text.includes("Ask to host"));
  for (const host of ["mina", "otto"] as const) {
    const approved = await track.types("vera", "c500 hosts approve", { host: people[host] });
    timeline.expect(`${host} may host now`, approved.text.includes("is a host of races now"));
  }

  timeline.scene("Two races: who gets a seat, who waits, who changes their mind");
  const friday = await track.opens("mina", "Friday Night GP", { seats: 2 });
  const lap = await track.opens("otto", "Late Lap");
  await track.presses("ada", "Join", friday);
  await track.presses("ben", "Join", friday);
  const waiting = await track.presses("cleo", "Join", friday);
  timeline.expect("two seats are taken, so cleo waits", waiting.includes("waiting list"));
  await track.presses("dev", "Join", lap);
  await track.presses("eve", "Join", lap);
  const left = await track.presses("eve", "Leave", lap);
  timeline.expect("eve has left", left.includes("You have left"));
  await track.shows();

  timeline.scene("A sale before the race belongs to the platform");
  timeline.does("Ko-fi", "sells a sticker for $20.00, and the buyer names Friday Night GP");
  kofi.sell({ amount: 2000, item: "Sticker", lobby: friday.id });
  await track.shows();
  timeline.expect(
    "nobody races yet: the platform gets $20.00",
    await track.owes({ platform: 2000 }),
  );

  timeline.scene("Mina starts her race: 20% of every sale is now the racers'");
  const started = await track.types("mina", "start");
  timeline.expect("its commission window is open", started.text.includes("is on"));
  await track.passes(MINUTE_MS);
  timeline.does(
    "Stripe",
    "sells two shirts at $25.00 with $7.00 shipping and $4.00 tax; the link names Friday Night GP",
  );
  const shirts = { title: "C500 shirt", price: 2500, quantity: 2, shipping: 700, tax: 400 };
  stripe.sellMerch({ ...shirts, reference: `lobby_${friday.id}` });
  await track.shows();
  timeline.expect(
    "only the shirts count: of $50.00 the pot gets $10.00, and each racer half of it",
    await track.owes({ ada: 500, ben: 500, platform: 6000 }),
  );

  timeline.scene("Otto starts too: a sale that names no race is shared by both");
  await track.presses("eve", "Join", lap);
  await track.types("otto", "start");
  await track.passes(MINUTE_MS);
  timeline.does("Shopify", "sells a cap for $64.00 less $4.00, naming no race");
  shopify.order({ items: [{ title: "C500 cap", price: 6400 }], discount: 400 });
  await track.shows();
  const shared = { ada: 800, ben: 800, dev: 300, eve: 300, platform: 10_800 };
  timeline.expect("$6.00 for each race: four racers get their share", await track.owes(shared));
  const sent = cloud.shops.attempts().findLast(({ topic }) => topic === "orders/paid");
  timeline.does("Shopify", "reports the same order two more times");
  await Promise.all([cloud.shops.repeat(sent?.id ?? ""), cloud.shops.repeat(sent?.id ?? "")]);
  await track.shows();
  timeline.expect("which changes nothing", await track.owes(shared));

  timeline.scene("Ben leaves; cleo, who waited longest, gets his seat from that moment on");
  await track.presses("ben", "Leave", friday);
  const dms = discord.dms(people.cleo).map(({ content }) => content);
  timeline.expect("cleo is notified", dms.at(-1)?.includes("is yours") ?? false);
  await track.passes(MINUTE_MS);

  timeline.scene("The Live Pot on Mina's stream, as the next sale comes in");
  const { text } = await track.types("mina", "race overlay");
  const overlayUrl = /https?:\S+\/overlay\/pot\/\S+/.exec(text)?.[0] ?? "";
  let bigPaymentId = "";
  const sell = () => {
    timeline.does("Stripe", "sells a keycap set for $150.00, and the link names Friday Night GP");
    const keycaps = { title: "Founders keycap set", price: 15_000 };
    const paid = stripe.sellMerch({ ...keycaps, metadata: { lobby: friday.id } });
    bigPaymentId = String(paid.payment_intent);
  };
  if (pictureFile === undefined) sell();
  else {
    const picture = await photographSale({ url: overlayUrl, file: pictureFile }, "$46.00", sell);
    await timeline.printEvents();
    timeline.does("overlay", picture);
  }
  await track.shows();
  timeline.expect(
    "of its $30.00 ben gets nothing, cleo half",
    await track.owes({ ada: 2300, ben: 800, cleo: 1500, dev: 300 }),
  );
  const feed = await cloud.fetch(`${overlayUrl.replace("/overlay/pot/", "/pot/")}.json`);
  const shown = JSON.stringify(await feed.json());
  timeline.expect("the overlay shows $46.00", shown.includes('"text":"$46.00"'));

  timeline.scene("Both races end, and one webhook is late");
  timeline.does("Ko-fi", "sells a commission for €20.00, and the buyer names Late Lap");
  kofi.sell({ type: "Commission", amount: 2000, currency: "EUR", lobby: lap.id });
  await track.passes(MINUTE_MS);
  timeline.does("Ko-fi", "sells a mug for $40.00 for Friday Night GP and does not report it yet");
  const late = { kind: "delay", ms: LATE_MS } as const;
  cloud.faults.add({ target: "shops", operation: /^deliver kofi/, fault: late, times: 1 });
  const mug = kofi.sell({ amount: 4000, item: "Mug", lobby: friday.id });
  await track.passes(MINUTE_MS);
  await track.types("mina", "finish");
  await track.types("otto", "finish");
  await track.shows();
  const results = JSON.stringify(discord.messages(community.racesChannelId).at(-1)?.embeds);
  timeline.expect("each currency has its own pot", results.includes("€4.00 · $6.00"));
  await track.passes(MINUTE_MS);
  timeline.does("Shopify", "sells a pin for $30.00, which names Friday Night GP: too late for it");
  shopify.order({ items: [{ title: "Pin", price: 3000 }], lobby: friday.id });
  await track.passes(MINUTE_MS);
  const without = { ada: 2300, cleo: 1500, dev: 300, platform: 25_800 };
  timeline.expect("the pin's price belongs to the platform", await track.owes(without));
  await track.passes(LATE_MS);
  timeline.does("Ko-fi", "reports the mug ten minutes late, and then again");
  await cloud.shops.repeat(mug.messageId);
  await track.shows();
  timeline.expect(
    "it was sold during the race: the racers get its $8.00, once",
    await track.owes({ ada: 2700, ben: 800, cleo: 1900, dev: 300, platform: 29_000 }),
  );
  const report = await track.types("mina", "race report");
  const has = (who: Person, money: string) => report.text.includes(`<@${people[who]}>: ${money}`);
  timeline.expect(
    "the report shows everyone's earnings",
    has("ada", "$27.00") && has("ben", "$8.00") && has("cleo", "$19.00"),
  );
  return { bigPaymentId };
}
