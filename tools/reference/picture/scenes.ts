import { community } from "../../../local/cloud/community.ts";
import { actors } from "../../../local/demo/actors/actors.ts";
import { auctionRoom } from "../../../local/demo/actors/auction-room.ts";
import { type Person, people, type Stage } from "../../../local/demo/cast.ts";
import type { SeenMessage } from "../../../local/discord/inspection.ts";

/** A picture that someone attaches to a drop or an auction, as Discord serves it. */
export interface Attached {
  readonly filename: string;
  readonly url: string;
  readonly contentType: string;
  readonly size: number;
}

/** What the scenes end with. */
export interface Played {
  readonly drop: SeenMessage;
  readonly auction: SeenMessage;
  /** The Live Pot's address. */
  readonly overlayUrl: string;
  /** Sells something to the viewers of the race. */
  sell(): void;
}

const RACERS = ["ada", "cleo"] as const satisfies readonly Person[];
const BIDS: readonly (readonly [Person, number, number?])[] = [
  ["ada", 90],
  ["ben", 120, 180],
  ["finn", 150],
  ["cleo", 190, 240],
  ["ben", 225],
];
const SECOND_MS = 1000;

/** Plays a drop, an auction and a race, each up to the moment of its picture. */
export async function playScenes(
  stage: Stage,
  photos: Readonly<Record<"drop" | "auction", Attached>>,
): Promise<Played> {
  const { cloud, discord, stripe, firestore } = stage;
  const act = actors(stage, { does: () => undefined, printEvents: () => cloud.settle() });
  const { marketplaceChannelId, racesChannelId } = community;
  const newest = (channelId: string): SeenMessage => {
    const message = discord.messages(channelId).at(-1);
    if (!message) throw new Error("Nothing was posted.");
    return message;
  };

  const link = await act.types("mina", "c500 register");
  const { code } = await act.signsIn("mina", link, "mina_makes");
  await act.types("mina", "c500 register", { code });
  await act.pressesInNotice("vera", "Approve");
  await act.types("mina", "c500 payouts", { country: "CA" });
  const builder = await firestore.doc(`builders/${people.mina}`).get();
  stripe.completeOnboarding(String(builder.get("stripe_account_id")));
  await cloud.settle();
  await act.types("mina", "c500 shipping", { from: "Canada", home: "0", world: "0" });
  stage.twitch.goLive("mina_makes", { title: "Lubing switches by candlelight" });
  await cloud.settle();

  const form = await act.opensForm("mina", "c500 drop", { payment: "held" });
  const drop = await discord.client.modalSubmit(`${cloud.functions.url}/discord-interactions`, {
    of: form,
    values: {
      title: "Lavender C500, hand-lubed",
      price: "120",
      quantity: "3",
      description: "Built live, to order. Hot-swap, brass weight.",
      image: [photos.drop],
    },
  });
  await cloud.settle();
  const post = newest(marketplaceChannelId);
  await act.presses(
    "ruth",
    { channelId: marketplaceChannelId, messageId: post.id },
    `drop-buy:${drop.id}`,
  );
  await pass(stage, 2);
  const dropPost = newest(marketplaceChannelId);

  const auction = await discord.client.command(`${cloud.functions.url}/discord-interactions`, {
    user: people.mina,
    channelId: marketplaceChannelId,
    name: "c500 auction start",
    options: {
      title: "Founder's C500 in brass",
      price: "50",
      duration: "5m",
      image: photos.auction,
    },
  });
  await cloud.settle();
  const room = auctionRoom(stage, { does: () => undefined }, act, auction.id);
  await room.advance(2);
  for (const [who, amount, max] of BIDS) {
    await room.bid(people[who], amount, max);
    await room.advance(2);
  }
  const board = room.board();
  if (!board) throw new Error("The auction has no board.");

  await act.types("vera", "c500 hosts approve", { host: people.mina }, racesChannelId);
  const lobby = await act.types("mina", "race lobby", { name: "Friday Night GP" }, racesChannelId);
  const place = { channelId: racesChannelId, messageId: newest(racesChannelId).id };
  for (const who of RACERS) await act.presses(who, place, `race-join:${lobby.id}`);
  await pass(stage, 2);
  await act.types("mina", "start", {}, racesChannelId);
  await pass(stage, 60);
  const sells = (title: string, price: number) =>
    stripe.sellMerch({ title, price, metadata: { lobby: lobby.id } });
  sells("C500 shirt", 8000);
  await pass(stage, 90);
  const { text } = await act.types("mina", "race overlay", {}, racesChannelId);
  const [overlayUrl = ""] = /https?:\S+\/overlay\/pot\/\S+/.exec(text) ?? [];
  return {
    drop: dropPost,
    auction: board,
    overlayUrl,
    sell: () => sells("Founders keycap set", 15_000),
  };
}

/** Seconds pass, and everything that is due in them is done. */
async function pass({ cloud }: Stage, seconds: number): Promise<void> {
  await cloud.settle();
  await cloud.clock.advance(seconds * SECOND_MS);
  await cloud.settle();
}
