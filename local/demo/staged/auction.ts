import { community } from "../../cloud/community.ts";
import { auctionRoom } from "../actors/auction-room.ts";
import { crowd, people } from "../cast.ts";
import { timeIn } from "../fields.ts";
import { becomesBuilder, goesLive } from "./builder.ts";
import { paneOf, panesOf, type SceneSet, type StagedScene } from "./set.ts";

const LOTS = [
  "Founder's C500 in brass",
  "Prototype no. 3",
  "The board from the first stream",
  "Walnut case, one of one",
] as const;
const DURATION_SECONDS = 120;
/** The scene begins with this much of the auction left. */
const LEFT_SECONDS = 50;
const { marketplaceChannelId } = community;

/** People have bid, and the hammer falls within a minute. */
export const auctionScene: StagedScene = {
  name: "auction",
  title: "An auction in its last minute",
  does: "Otto's lot has a price, a leader and a secret ceiling, and its hammer falls within a minute.",
  async setUp(set) {
    const { stage, act, draw, narrator } = set;
    await becomesBuilder(set, "otto");
    await goesLive(set, "otto", "One lot, two minutes");
    await clearsChannel(set);
    const title = draw.oneOf(LOTS);
    const start = draw.whole(4, 20) * 5;
    set.report(`the lot: ${title}, from $${start}`);
    const lot = { title, price: String(start), duration: `${DURATION_SECONDS}s` };
    const { id, text } = await act.types("otto", "c500 auction start", lot, marketplaceChannelId);
    set.requires(text, "is up in");
    const room = auctionRoom(stage, narrator, act, id);
    await set.passes(2);
    let price = start;
    const bidders = draw.some(crowd, draw.whole(3, 5));
    for (const who of bidders) {
      price += draw.whole(3, 12) * 5;
      const ceiling = draw.whole(0, 2) === 0 ? price + 100 : undefined;
      await room.bids(who, price, ceiling);
      await set.passes(2);
    }
    const auction = await stage.firestore.doc(`auctions/${id}`).get();
    const endsAtMs = timeIn(auction.get("ends_at")) ?? 0;
    const untilThenMs = endsAtMs - LEFT_SECONDS * 1_000 - stage.cloud.clock.nowMs();
    await stage.cloud.clock.advance(Math.max(0, untilThenMs));
    const leader = bidders.at(-1) ?? "ada";
    return [
      panesOf(`Bid as finn, beside ${leader}`, ["finn", leader], marketplaceChannelId),
      paneOf("What Otto sees", "otto", marketplaceChannelId),
      { label: "A storm of bidders", href: "/trouble" },
    ];
  },
};

/** A channel has one auction at a time: an earlier one is ended by its owner. */
async function clearsChannel({ stage, act }: SceneSet): Promise<void> {
  const live = await stage.firestore.collection("auctions").where("state", "==", "live").get();
  for (const { id, data } of live.docs.map((each) => ({ id: each.id, data: each.data() }))) {
    const channels: unknown = data["channel_ids"];
    const owner = Object.entries(people).find(([, user]) => user === data["builder_id"]);
    if (!Array.isArray(channels) || !channels.includes(marketplaceChannelId) || !owner) continue;
    await act.types(owner[0] as keyof typeof people, "c500 auction close", { auction: id });
  }
}
