import { community } from "../../cloud/community.ts";
import { homeOf } from "../actors/shopping.ts";
import { crowd, type Person } from "../cast.ts";
import { becomesBuilder, endsStream } from "./builder.ts";
import { paneOf, type StagedScene } from "./set.ts";

/** How many orders there are to pack. */
const ORDERS = 10;
const TITLES = ["Brass weight", "Coiled cable", "Artisan keycap", "Switch sampler"] as const;

/** Ten paid orders wait at a builder's desk. */
export const packingScene: StagedScene = {
  name: "packing",
  title: "Packing day",
  does: `Mina's stream is over, and ${ORDERS} paid orders from several countries wait at her desk.`,
  async setUp(set) {
    const { stage, draw, shop } = set;
    await becomesBuilder(set, "mina");
    await endsStream(set, "mina");
    const buyers: readonly Person[] = draw.some(crowd, ORDERS);
    const title = draw.oneOf(TITLES);
    const price = draw.whole(15, 90);
    set.report(`the drop: ${title}, ${ORDERS} for $${price}`);
    const offer = { title, price: String(price), quantity: String(ORDERS) };
    const id = await shop.postsDrop("mina", offer);
    for (const who of buyers) {
      const { sessionId } = await shop.buys(who, id, homeOf(who));
      if (sessionId === "") throw new Error(`${who} got no link to pay.`);
    }
    const site = stage.cloud.settings["PUBLIC_SITE_URL"] ?? "";
    const [buyer = "ada"] = buyers;
    return [
      { label: "Mina's desk", href: `${site}/desk` },
      paneOf("What Mina sees", "mina", community.generalChannelId),
      paneOf(`What ${buyer} sees`, buyer, community.marketplaceChannelId),
    ];
  },
};
