import { community } from "../../cloud/community.ts";
import { crowd, people } from "../cast.ts";
import { becomesBuilder, goesLive } from "./builder.ts";
import { paneOf, type SceneSet, type StagedScene } from "./set.ts";

const NAMES = ["Friday Night GP", "Sunday Cup", "Late Lap", "Midnight Sprint"] as const;
const GOODS = ["C500 shirt", "Sticker sheet", "Desk mat", "Enamel pin"] as const;
const { racesChannelId } = community;

/** A race is on, and merch was sold during it. */
export const raceScene: StagedScene = {
  name: "race",
  title: "A race with sales",
  does: "Mina hosts a race that has started; people have joined, and Stripe, Ko-fi and Shopify have sold merch for it.",
  async setUp(set) {
    const { stage, act, draw, narrator } = set;
    const { discord, stripe, cloud } = stage;
    await becomesBuilder(set, "mina");
    await goesLive(set, "mina", "Racing for the pot");
    await act.types("vera", "c500 hosts approve", { host: people.mina }, racesChannelId);
    await endsRace(set);
    const name = draw.oneOf(NAMES);
    const lobby = await act.types("mina", "race lobby", { name }, racesChannelId);
    set.requires(lobby.text, "is open in");
    const board = discord
      .messages(racesChannelId)
      .find(({ components }) => JSON.stringify(components).includes(lobby.id));
    const place = { channelId: racesChannelId, messageId: board?.id ?? "" };
    const racers = draw.some(crowd, draw.whole(2, 4));
    for (const who of racers) {
      narrator.does(who, "presses Join");
      await act.presses(who, place, `race-join:${lobby.id}`);
      await cloud.settle();
    }
    const started = await act.types("mina", "start", {}, racesChannelId);
    set.requires(started.text, "is on");
    await set.passes(5);
    for (let sale = draw.whole(2, 5); sale > 0; sale -= 1) {
      const title = draw.oneOf(GOODS);
      const amount = draw.whole(5, 60) * 100;
      const shop = draw.oneOf(["Stripe", "Ko-fi", "Shopify"]);
      narrator.does(shop, `sells ${title} for $${amount / 100}`);
      if (shop === "Ko-fi") cloud.shops.kofi.sell({ amount, item: title, lobby: lobby.id });
      else if (shop === "Shopify") {
        cloud.shops.shopify.order({ items: [{ title, price: amount }], lobby: lobby.id });
      } else stripe.sellMerch({ title, price: amount, metadata: { lobby: lobby.id } });
      await set.passes(3);
    }
    const { text } = await act.types("mina", "race overlay", {}, racesChannelId);
    const overlay = /https?:\S+\/overlay\/pot\/\S+/.exec(text)?.[0];
    const [racer = "ada"] = racers;
    return [
      paneOf(`What ${racer} sees`, racer, racesChannelId),
      paneOf("What Mina, the host, sees", "mina", racesChannelId),
      ...(overlay ? [{ label: "The Live Pot over the stream", href: overlay }] : []),
    ];
  },
};

/** A host has one race at a time: an earlier one of Mina's is finished or called off. */
async function endsRace({ stage, act }: SceneSet): Promise<void> {
  const own = await stage.firestore.collection("lobbies").where("host_id", "==", people.mina).get();
  for (const lobby of own.docs) {
    const state = lobby.get("state");
    if (state === "open") {
      await act.types("mina", "race cancel", { lobby: lobby.id }, racesChannelId);
    }
    if (state === "racing") await act.types("mina", "finish", { lobby: lobby.id }, racesChannelId);
  }
}
