import { checkLedger } from "../../../tools/ops/ledger/check.ts";
import { community } from "../../cloud/community.ts";
import { actors } from "../actors/actors.ts";
import { raceTrack } from "../actors/race-track.ts";
import { type Person, people, type Stage } from "../cast.ts";
import { nameOf, type Timeline, withNames } from "../timeline.ts";
import type { PlayedRaces } from "./race.ts";

const MINUTE_MS = 60_000;
const WEEK_MS = 7 * 24 * 60 * MINUTE_MS;

/**
 * Plays a racer's money: it stays pending for a week and is paid out; then part of a sale is
 * refunded, and the next race settles the debt. Finally prints the ledger.
 */
export async function playWallets(
  stage: Stage,
  timeline: Timeline,
  { bigPaymentId }: PlayedRaces,
): Promise<void> {
  const { cloud, discord, stripe, firestore } = stage;
  const act = actors(stage, timeline);
  const track = raceTrack(stage, timeline);
  const channelId = community.racesChannelId;

  /** Someone opens their wallet; prints what they see and returns the text. */
  const looks = async (who: Person): Promise<string> => {
    timeline.does(who, "types /wallet; only she sees:");
    const use = { user: people[who], channelId, name: "wallet" };
    const { id } = await discord.client.command(endpoint, use);
    await timeline.skipEvents();
    const embed = discord.interaction(id)?.original?.embeds[0];
    const fields = (embed?.fields ?? []).map(
      ({ name, value }) => [name, plainText(value)] as const,
    );
    timeline.table([
      `  ${embed?.title}`,
      ...fields.map(([name, value]) => `    ${name.padEnd(18)} ${value}`),
      `    ${embed?.footer?.text}`,
    ]);
    return fields.map((field) => field.join(" ")).join("\n");
  };
  const endpoint = `${cloud.functions.url}/discord-interactions`;
  const pays = (amount: string) => track.types("vera", "payout", { user: people.ada, amount });

  timeline.scene("Ada's earnings stay pending for a week");
  const pending = await looks("ada");
  timeline.expect("all of it is pending", pending.includes("$0.00 available, $27.00 pending"));
  const early = await pays("$25.00");
  timeline.expect("vera, on the team, can't pay it yet", early.text.includes("nothing available"));

  timeline.scene("A week later vera pays her out");
  cloud.scheduler.pause();
  await track.passes(WEEK_MS);
  cloud.scheduler.resume();
  const due = await looks("ada");
  timeline.expect("all of it is available", due.includes("$27.00 available, $0.00 pending"));
  const tooMuch = await pays("$30.00");
  timeline.expect("a larger amount is refused", tooMuch.text.includes("has $27.00 available"));
  const options = { user: people.ada, amount: "$25.00", code: "C500-GOLD-25" };
  timeline.does(
    "vera",
    "types /payout user:@ada amount:$25.00 code:C500-GOLD-25, sent twice at once",
  );
  const use = { user: people.vera, channelId, name: "payout", options };
  const sent = await Promise.all([
    discord.client.command(endpoint, use),
    discord.client.command(endpoint, use),
  ]);
  await timeline.printEvents();
  const answers = sent.map(({ id }) => act.read(id).text);
  timeline.expect(
    "one of the two pays, the other explains why it did nothing",
    answers.filter((text) => text.includes("Done: $25.00")).length === 1 &&
      answers.filter((text) => text.includes("This one did nothing")).length === 1,
  );
  const posts = discord.messages(channelId).filter(({ content }) => content.includes("cashed out"));
  timeline.expect(
    "everyone reads it once, and only ada is pinged",
    posts.length === 1 && posts[0]?.pinged.users.join() === people.ada,
  );
  const codes = discord.dms(people.ada).filter(({ content }) => content.includes("C500-GOLD-25"));
  timeline.expect("only she has the code", codes.length === 1);
  timeline.expect("$2.00 is left", await track.owes({ ada: 200 }));

  timeline.scene("After the payout, half of the keycap set goes back to its buyer");
  timeline.does("Stripe", "refunds $75.00 of the $150.00");
  stripe.refundInDashboard(bigPaymentId, { amount: 7500 });
  await cloud.settle();
  timeline.does("Stripe", "reports it again");
  const refundEvent = stripe.events().findLast(({ type }) => type === "refund.created");
  await stripe.repeat(refundEvent?.id ?? "");
  await track.passes(MINUTE_MS);
  timeline.expect(
    "each loses half of what it earned them, once: $7.50",
    await track.owes({ ada: -550, cleo: 1150, platform: 23_000 }),
  );
  const below = await looks("ada");
  timeline.expect("ada is below zero, and reads why", below.includes("-$5.50 available"));

  timeline.scene("The next race settles it");
  const sunday = await track.opens("mina", "Sunday Cup");
  await track.presses("ada", "Join", sunday);
  await track.types("mina", "start");
  await track.passes(MINUTE_MS);
  timeline.does("Shopify", "sells a hoodie for $100.00 to someone who came by Sunday Cup's link");
  const hoodie = { items: [{ title: "Hoodie", price: 10_000 }] };
  cloud.shops.shopify.order({ ...hoodie, landingSite: `/products/hoodie?lobby=${sunday.id}` });
  await track.shows();
  timeline.does("Shopify", "sells a pin for $10.00, naming no race; ada races alone");
  cloud.shops.shopify.order({ items: [{ title: "Pin", price: 1000 }] });
  await track.shows();
  timeline.expect(
    "a race of one gets no share of it",
    await track.owes({ ada: 1450, platform: 32_000 }),
  );
  await track.types("mina", "finish");
  await track.shows();
  cloud.scheduler.pause();
  await track.passes(WEEK_MS);
  cloud.scheduler.resume();
  const settled = await looks("ada");
  timeline.expect("her $20.00 settled it: $14.50", settled.includes("$14.50 available"));
  const again = await pays("$20.00");
  timeline.expect("that is all she can be paid", again.text.includes("has $14.50 available"));

  const balances = await track.balances();
  const currencies = [...new Set([...balances.values()].flatMap((own) => [...own.keys()]))].sort();
  const sumOf = (currency: string) =>
    [...balances.values()].reduce((sum, own) => sum + (own.get(currency) ?? 0), 0);
  const line = (name: string, cells: readonly string[]) =>
    `${name.padEnd(22)}${cells.map((cell) => cell.padStart(14)).join("")}`;
  timeline.scene("The ledger: each account's balance, and where the money came from and went");
  timeline.table([
    line(
      "",
      currencies.map((currency) => currency.toUpperCase()),
    ),
    ...[...balances].sort().map(([account, own]) =>
      line(
        account.replace(/\d+$/, nameOf),
        currencies.map((currency) => money(own.get(currency), currency)),
      ),
    ),
    line(
      "sum",
      currencies.map((currency) => money(sumOf(currency), currency)),
    ),
  ]);
  timeline.expect(
    "every currency sums to zero",
    currencies.length === 2 && currencies.every((currency) => sumOf(currency) === 0),
  );
  const { counted, flaws } = await checkLedger(firestore);
  timeline.expect(
    `./dev ops ledger check finds ${counted.postings} postings of ${counted.sales} sales in order`,
    flaws.length === 0,
  );
}

/** The text without Discord's formatting. */
function plainText(text: string): string {
  return withNames(text).replaceAll("**", "").replaceAll("\n", " · ");
}

/** Formats an amount of cents; empty when there is none. */
function money(cents: number | undefined, currency: string): string {
  if (cents === undefined) return "";
  return new Intl.NumberFormat("en-US", { style: "currency", currency }).format(cents / 100);
}
