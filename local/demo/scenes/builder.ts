import { community } from "../../cloud/community.ts";
import { actors } from "../actors/actors.ts";
import { NEWS_CHANNEL_ID, PIAS_LOGIN, people, type Stage } from "../cast.ts";
import type { Timeline } from "../timeline.ts";
import { refusals } from "./stranger.ts";

const SEND_MESSAGES = String(1n << 11n);
/**
 * A direction mark that displays the following text from right to left:
 * https://unicode.org/reports/tr36/#Bidirectional_Text_Spoofing
 */
const RIGHT_TO_LEFT = "\u202e";

/** Plays a claim from before sign-ins at Twitch were required, and the channel's real owner. */
export async function playOldClaim(stage: Stage, timeline: Timeline): Promise<void> {
  const { discord, firestore } = stage;
  const { types, signsIn } = actors(stage, timeline);
  timeline.scene("Lee once claimed Pia's channel without proof; Pia signs in");
  const claimed = await types("lee", "c500 live", { context: "chat" });
  refusals(timeline)("the claim has no effect", claimed, "You can't act as a C500 builder yet");
  const { code } = await signsIn("pia", await types("pia", "c500 register"), PIAS_LOGIN);
  const proved = await types("pia", "c500 register", { code });
  const claim = await firestore.doc(`builders/${people.lee}`).get();
  timeline.expect(
    "the channel is its owner's, and the claim is gone",
    proved.text.includes("is your channel") && claim.get("twitch_username") === null,
  );
  const dm = discord.dms(people.lee).at(-1)?.content ?? "";
  timeline.expect("Lee is notified", dm.includes("it is theirs now"));
}

/** Plays what approved builders may not do, and a suspended builder who keeps trying. */
export async function playBuilderLimits(stage: Stage, timeline: Timeline): Promise<void> {
  await announcesAgain(stage, timeline);
  await postsElsewhere(stage, timeline);
  await liftsTheirOwnBar(stage, timeline);
  await goesOnSuspended(stage, timeline);
}

async function announcesAgain(stage: Stage, timeline: Timeline): Promise<void> {
  const { discord, twitch } = stage;
  const { types } = actors(stage, timeline);
  const refuses = refusals(timeline);
  const posts = () =>
    [community.generalChannelId, community.marketplaceChannelId].flatMap((id) =>
      discord.messages(id),
    ).length;
  timeline.scene("Mina announces her stream again, and Otto his, right after her alert");
  const before = posts();
  const hangout = await types("mina", "c500 live", { context: "chat" });
  refuses("one hangout for a stream", hangout, "each stream is announced once");
  const alert = await types("mina", "c500 live", { context: "drop" });
  refuses("one alert for a stream", alert, "already sent an alert for this stream");
  twitch.goLive("otto_builds", { title: "Split boards" });
  await timeline.skipEvents();
  const another = await types("otto", "c500 live", { context: "drop" });
  refuses("one alert in ten minutes for all", another, "at least ten minutes apart");
  twitch.endStream("otto_builds");
  await timeline.skipEvents();
  timeline.expect("nobody was pinged again", posts() === before);
}

async function postsElsewhere(stage: Stage, timeline: Timeline): Promise<void> {
  const { discord } = stage;
  const { types } = actors(stage, timeline);
  timeline.scene("Mina starts an auction where she can't post, and one whose title runs backwards");
  const overwrites = [{ id: community.guildId, type: 0, deny: SEND_MESSAGES }];
  const { guildId, marketplaceChannelId } = community;
  discord.addChannel({ id: NEWS_CHANNEL_ID, guildId, name: "news", overwrites });
  const terms = { title: `Brass C500 ${RIGHT_TO_LEFT}eerf`, price: "50", duration: "1h" };
  const closed = await types("mina", "c500 auction start", terms, NEWS_CHANNEL_ID);
  refusals(timeline)("not where she can't post", closed, "You can't post in");
  timeline.expect("nothing is posted there", discord.messages(NEWS_CHANNEL_ID).length === 0);
  const { id } = await types("mina", "c500 auction start", terms, marketplaceChannelId);
  const board = JSON.stringify(discord.messages(marketplaceChannelId).at(-1)?.embeds ?? []);
  timeline.expect(
    "the post shows no direction marks",
    board.includes("Brass C500") && !board.includes(RIGHT_TO_LEFT),
  );
  await types("mina", "c500 auction cancel", { auction: id });
}

async function liftsTheirOwnBar(stage: Stage, timeline: Timeline): Promise<void> {
  const { types } = actors(stage, timeline);
  const refuses = refusals(timeline);
  timeline.scene("Otto is barred from bidding");
  const bidder = people.otto;
  await types("vera", "c500 auction bar", { bidder, reason: "Bids and never pays" });
  const own = await types("otto", "c500 auction lift", { bidder });
  refuses("nobody lifts their own bar", own, "You can't lift your own bar");
  const friends = await types("mina", "c500 auction lift", { bidder });
  refuses("nor a friend the team's", friends, "only the team can lift it");
  const lifted = await types("vera", "c500 auction lift", { bidder });
  timeline.expect("the team lifts it", lifted.text.includes("can bid again"));
}

async function goesOnSuspended(stage: Stage, timeline: Timeline): Promise<void> {
  const { types, opensForm, fillsIn } = actors(stage, timeline);
  const refuses = refusals(timeline);
  const suspended = "has suspended you as a C500 builder";
  timeline.scene("Nora is suspended and keeps trying");
  const about = { builder: people.nora, reason: "Sold what she does not have." };
  await types("vera", "c500 builders suspend", about);
  refuses("no alert", await types("nora", "c500 live", { context: "drop" }), suspended);
  const form = await opensForm("nora", "c500 drop", { payment: "held" });
  const drop = { title: "One more", price: "5", quantity: "1", description: "" };
  refuses("no drop", await fillsIn("nora", form, drop), suspended);
  const auction = { title: "One more", price: "5", duration: "1m" };
  refuses("no auction", await types("nora", "c500 auction start", auction), suspended);
  refuses("no way back by signing in", await types("nora", "c500 register"), suspended);
  const restored = await types("vera", "c500 builders restore", { builder: people.nora });
  timeline.expect("the team restores her", restored.text.includes("can sell again"));
}
