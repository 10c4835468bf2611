import { community } from "../cloud/community.ts";
import { paneOf } from "../demo/staged/set.ts";
import { shopNames } from "../shops/index.ts";
import type { Trigger } from "./trigger.ts";

const SHOPS = ["stripe", ...shopNames] as const;
const AMOUNT = 2_500;

/** A shop sells merch. */
export const saleTrigger: Trigger = {
  name: "sale",
  does: "a shop sells merch, for the race that is on if there is one",
  options: {
    shop: { value: "SHOP", does: `${SHOPS.join(", ")}; stripe by default` },
    amount: { value: "AMOUNT", does: "the price, such as 25 or 12.50; 25 by default" },
    title: { value: "TITLE", does: "what is sold" },
    lobby: { value: "LOBBY", does: "the race's id; that of the race that is on by default" },
    data: { value: "JSON", does: "more fields of the shop's sale, as a JSON object" },
  },
  async run({ stage, option, cents, data }) {
    const { cloud, stripe, firestore } = stage;
    const shop = SHOPS.find((name) => name === (option("shop") ?? "stripe"));
    if (!shop) throw new Error(`--shop is one of ${SHOPS.join(", ")}.`);
    const racing = await firestore.collection("lobbies").where("state", "==", "racing").get();
    const lobby = option("lobby") ?? racing.docs[0]?.id;
    const title = option("title") ?? "C500 shirt";
    const price = cents("amount", AMOUNT);
    const more = data();
    if (shop === "stripe") {
      stripe.sellMerch({ title, price, ...(lobby && { metadata: { lobby } }), ...more });
    } else cloud.shops.sellIn(shop, { item: title, amount: price, lobby }, more);
    await cloud.settle();
    const race = lobby === undefined ? "no race" : `race ${lobby}`;
    return {
      said: `${shop} has sold ${title} for ${(price / 100).toFixed(2)}, for ${race}.`,
      links: [
        paneOf("The races channel", "mina", community.racesChannelId),
        shop === "stripe"
          ? { label: "Stripe", href: "/stripe" }
          : { label: "Shops", href: "/shops" },
      ],
    };
  },
};

/** A webhook arrives again. */
export const repeatTrigger: Trigger = {
  name: "repeat",
  does: "a service sends its newest webhook again, unchanged",
  options: { of: { value: "SERVICE", does: "stripe or shops; stripe by default" } },
  async run({ stage, option }) {
    const of = option("of") ?? "stripe";
    if (of !== "stripe" && of !== "shops") throw new Error("--of is stripe or shops.");
    const { stripe, cloud } = stage;
    const id = of === "stripe" ? stripe.events().at(-1)?.id : cloud.shops.attempts().at(-1)?.id;
    if (id === undefined) throw new Error("It has sent nothing yet: ./dev trigger sale");
    if (of === "stripe") await stripe.repeat(id);
    else await cloud.shops.repeat(id);
    await cloud.settle();
    return { said: `${of} has sent ${id} again.`, links: [{ label: of, href: `/${of}` }] };
  },
};
