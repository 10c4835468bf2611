import { community } from "../../cloud/community.ts";
import { homeOf } from "../actors/shopping.ts";
import { crowd } from "../cast.ts";
import { becomesBuilder, goesLive } from "./builder.ts";
import { paneOf, type StagedScene } from "./set.ts";

const TITLES = [
  "Lavender C500, hand-lubed",
  "Founder's keycap set",
  "Brass weight, polished",
  "Coiled cable in teal",
] as const;

/** A live builder sells several of one thing, and some are gone. */
export const dropScene: StagedScene = {
  name: "drop",
  title: "A drop",
  does: "Mina is live and sells several of one thing; somebody has paid, somebody is at the checkout, the rest is on sale.",
  async setUp(set) {
    const { act, draw, shop } = set;
    await becomesBuilder(set, "mina");
    await goesLive(set, "mina", "Lubing switches by candlelight");
    const title = draw.oneOf(TITLES);
    const price = draw.whole(20, 160);
    const quantity = draw.whole(3, 8);
    const [first = "ada", second = "ben"] = draw.some(crowd, 2);
    set.report(`the drop: ${title}, ${quantity} for $${price}`);
    await act.types("mina", "c500 live", { context: "drop" });
    const id = await shop.postsDrop("mina", {
      title,
      price: String(price),
      quantity: String(quantity),
      plan: draw.oneOf(["split", "held"]),
    });
    const { sessionId } = await shop.buys(first, id, homeOf(first));
    if (sessionId === "") throw new Error("Nobody got a link to pay.");
    await shop.reserves(second, id, homeOf(second));
    const { marketplaceChannelId } = community;
    return [
      paneOf(`${second} at the checkout`, second, marketplaceChannelId),
      paneOf("What a new buyer sees", "finn", marketplaceChannelId),
      paneOf("What Mina sees", "mina", marketplaceChannelId),
    ];
  },
};
