import { community } from "../community.ts";
import { actors, type Reading } from "./actors.ts";
import { people, STRANGERS_LOGIN, type Stage } from "./cast.ts";
import type { Timeline } from "./timeline.ts";

/**
 * Plays a stranger who tries to act as a builder, to take over a builder's channel, to host a race and to
 * be paid, and gets nowhere: what is stored afterwards is what was stored before.
 */
export async function playStranger(stage: Stage, timeline: Timeline): Promise<void> {
  const { discord, twitch, firestore } = stage;
  const { types, fillsIn, opensForm } = actors(stage, timeline);
  const refuses = (what: string, { text }: Reading, words: string) =>
    timeline.expect(what, text.includes(words));
  const inMarketplace = () => discord.messages(community.marketplaceChannelId).length;
  const before = {
    posts: inMarketplace(),
    auctions: await count("auctions"),
    races: await count("lobbies"),
  };

  timeline.scene("A stranger tries to sell");
  const sellers = "That's for C500 builders";
  refuses("no alert", await types("stranger", "c500 live", { context: "drop" }), sellers);
  const form = await opensForm("stranger", "c500 drop", { payment: "split" });
  const drop = { title: "Half price!", price: "1", quantity: "5", description: "" };
  refuses("no drop", await fillsIn("stranger", form, drop), sellers);
  const auction = { title: "Rare board", price: "1", duration: "1m" };
  refuses("no auction", await types("stranger", "c500 auction start", auction), sellers);
  refuses("no payouts", await types("stranger", "c500 payouts", { country: "US" }), sellers);

  timeline.scene("The stranger wants Mina's channel");
  const link = await types("stranger", "c500 register");
  const url = link.buttons.find(({ label }) => label === "Sign in at Twitch")?.url ?? "";
  timeline.does("stranger", `signs in at Twitch, as ${STRANGERS_LOGIN}: there is no other way in`);
  const page = await (await fetch(twitch.signIn(url, STRANGERS_LOGIN))).text();
  const code = /register code:([\w-]+)/.exec(page)?.[1] ?? "";
  const borrowed = await types("otto", "c500 register", { code });
  timeline.expect(
    "the code is of no use to anybody else",
    !borrowed.text.includes("is your channel"),
  );
  await types("stranger", "c500 register", { code });
  const claims = await firestore
    .collection("builders")
    .where("twitch_username", "==", "mina_makes")
    .get();
  timeline.expect(
    "Mina's channel is still hers alone",
    claims.docs.map(({ id }) => id).join() === people.mina,
  );
  const wait = await types("stranger", "c500 live", { context: "order", orders: "cs_test_123" });
  refuses("proved is not approved", wait, "has yet to approve you");
  refuses(
    "nobody approves themselves",
    await types("stranger", "c500 builders approve", { builder: people.stranger }),
    "That's for the team",
  );

  timeline.scene("The stranger wants a share of the merch sales, and money");
  const lobby = await types("stranger", "race lobby", { name: "Only me" });
  timeline.expect("no lobby", !lobby.text.includes("is open in"));
  refuses(
    "no payout",
    await types("stranger", "payout", { user: people.stranger, amount: "$50.00" }),
    "That's for the team",
  );
  const refund = { order: "cs_test_123", amount: "$1.00" };
  refuses("no refund", await types("stranger", "c500 refund", refund), "can't find that order");
  refuses(
    "no way around a bar",
    await types("stranger", "c500 auction lift", { bidder: people.stranger }),
    "has yet to approve you",
  );

  timeline.scene("The team declines the stranger");
  await types("vera", "c500 builders decline", {
    builder: people.stranger,
    reason: "That isn't a shop.",
  });
  const told = discord.dms(people.stranger).at(-1)?.content ?? "";
  timeline.expect("the stranger reads why", told.includes("That isn't a shop."));
  const after = {
    posts: inMarketplace(),
    auctions: await count("auctions"),
    races: await count("lobbies"),
  };
  timeline.expect(
    "nothing was posted, opened or started",
    JSON.stringify(after) === JSON.stringify(before),
  );

  async function count(collection: string): Promise<number> {
    return (await firestore.collection(collection).count().get()).data().count;
  }
}
