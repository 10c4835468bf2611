import { community } from "../../cloud/community.ts";
import { actors, sessionIn } from "../actors/actors.ts";
import { crowd, type Person, people, type Stage } from "../cast.ts";
import type { Timeline } from "../timeline.ts";

/** The outcome of a drop: who got a unit, and in which order. */
export interface PlayedDrop {
  readonly id: string;
  readonly purchases: readonly { who: Person; orderId: string; sessionId: string }[];
}

/** Plays how someone becomes a builder: Twitch channel, the team's approval, Stripe account. */
export async function playRegistration(stage: Stage, timeline: Timeline): Promise<void> {
  const { twitch, stripe, discord, firestore } = stage;
  const { types, signsIn, pressesInNotice } = actors(stage, timeline);
  timeline.scene("Mina becomes a builder");
  const link = await types("mina", "c500 register");
  const { code } = await signsIn("mina", link, "mina_makes");
  timeline.expect("the next page shows a code", code !== "");
  const proved = await types("mina", "c500 register", { code });
  timeline.expect(
    "the channel is hers, and the team has to approve her",
    proved.text.includes("is your channel") && proved.text.includes("has to approve you"),
  );
  timeline.expect(
    "Twitch reports her streams from now on",
    twitch.subscriptions().length === 2 &&
      twitch.subscriptions().every(({ status }) => status === "enabled"),
  );
  const early = await types("mina", "c500 payouts", { country: "CA" });
  timeline.expect("until then she can't sell", early.text.includes("has yet to approve you"));
  await pressesInNotice("vera", "Approve");
  timeline.expect(
    "she is notified that she may sell",
    discord.dms(people.mina).some(({ content }) => content.includes("has approved you")),
  );
  const asked = await types("mina", "c500 payouts", { country: "CA" });
  timeline.expect(
    "she gets a link to Stripe's form",
    asked.buttons.some(({ label, url }) => label === "Continue at Stripe" && url !== undefined),
  );
  const builder = await firestore.doc(`builders/${people.mina}`).get();
  timeline.does("mina", "gives Stripe the details it requires");
  stripe.completeOnboarding(String(builder.get("stripe_account_id")));
  await timeline.printEvents();
  const notices = discord.dms(people.mina).filter(({ content }) => content.includes("is ready"));
  timeline.expect("she is notified once that her account is ready", notices.length === 1);
  const terms = { from: "Canada", home: "0", world: "0", "dispatch-days": 30 };
  const set = await types("mina", "c500 shipping", terms);
  timeline.expect("she ships to everywhere for free", set.text.includes("terms are set"));
}

/** Plays a drop of three units for which ten people press Buy Now at the same moment. */
export async function playDrop(stage: Stage, timeline: Timeline): Promise<PlayedDrop> {
  const { discord, firestore, cloud } = stage;
  const act = actors(stage, timeline);
  const { marketplaceChannelId } = community;

  timeline.scene("A drop: the form, with typing errors at first");
  const good = {
    title: "Lavender C500, hand-lubed",
    price: "$120",
    quantity: "3",
    description: "Built live, to order.\nHot-swap, brass weight.",
  };
  const slip = { ...good, price: "12,50", quantity: "a few" };
  const form = await act.opensForm("mina", "c500 drop", { payment: "held" });
  const refused = await act.fillsIn("mina", form, slip);
  timeline.expect(
    "she reads what is wrong with each field",
    refused.text.includes("Price: I can't read") && refused.text.includes("Quantity: write a"),
  );
  const again = refused.buttons.find(({ label }) => label === "Fix it")?.custom_id ?? "";
  const answer = discord.interaction(refused.id)?.original;
  const place = { channelId: community.generalChannelId, messageId: answer?.id ?? "" };
  timeline.does("mina", "presses Fix it: the form is back as she filled it in");
  const fixed = await act.presses("mina", place, again);
  const { id } = await act.fillsIn("mina", fixed, good);
  const post = () => discord.messages(marketplaceChannelId).at(-1);
  timeline.expect("the post shows the price", JSON.stringify(post()?.embeds).includes("$120.00"));

  timeline.scene("Ten people press Buy Now in the same second; there are three");
  const postPlace = { channelId: marketplaceChannelId, messageId: post()?.id ?? "" };
  timeline.does("everyone", `presses Buy Now: ${crowd.join(", ")}`);
  const presses = await Promise.all(
    crowd.map(async (who) => ({ who, id: await act.presses(who, postPlace, `drop-buy:${id}`) })),
  );
  await timeline.skipEvents();
  const answers = presses.map(({ who, id: press }) => ({ who, reading: act.read(press) }));
  const lucky = answers.filter(({ reading }) => sessionIn(reading));
  const unlucky = answers.filter(({ reading }) => !sessionIn(reading));
  for (const some of [lucky, unlucky]) {
    const names = some.map(({ who }) => who).join(", ");
    timeline.does(
      "Discord",
      `${names} each see: ${some[0]?.reading.text.replace(/<t:(\d+):F> \(<t:\1:R>\)/, "in 31 minutes")}`,
    );
  }
  timeline.expect("three get a link to pay", lucky.length === 3);
  timeline.expect(
    "seven read that it is sold out",
    answers.filter(({ reading }) => reading.text.includes("sold or reserved")).length === 7,
  );
  await cloud.clock.advance(2000);
  await timeline.printEvents();
  timeline.expect("the post shows it", JSON.stringify(post()?.components).includes("Sold out"));

  timeline.scene("One of them gives it back, and someone else is quick to buy");
  const [first, second, third] = lucky;
  if (!first || !second || !third) throw new Error("Nobody got a unit.");
  const messageId = discord.interaction(first.reading.id)?.original?.id ?? "";
  timeline.does(first.who, "presses Give it back");
  const back = await act.presses(
    first.who,
    { channelId: marketplaceChannelId, messageId },
    `order-cancel:${first.reading.id}`,
  );
  await timeline.printEvents();
  timeline.expect("it is back on the shelf", act.read(back).text.includes("back on the shelf"));
  await cloud.clock.advance(2000);
  await timeline.printEvents();
  const late = unlucky[0]?.who ?? "june";
  timeline.does(late, "presses Buy Now once more");
  const retry = await act.presses(late, postPlace, `drop-buy:${id}`);
  await timeline.printEvents();
  const luckyNow = [second, third, { who: late, reading: act.read(retry) }];
  timeline.expect(
    "the three units are reserved again",
    luckyNow.every(({ reading }) => sessionIn(reading)),
  );
  const units = await firestore.collection(`inventory/${id}/units`).get();
  timeline.expect(
    "no unit is in two orders",
    new Set(units.docs.map((unit) => unit.get("order_id"))).size === 3,
  );
  return {
    id,
    purchases: luckyNow.map(({ who, reading }) => ({
      who,
      orderId: reading.id,
      sessionId: sessionIn(reading) ?? "",
    })),
  };
}
