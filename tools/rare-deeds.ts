import { community } from "../local/community.ts";
import { people, type Stage } from "../local/demo/cast.ts";
import { createDebts } from "../shared/store/debts.ts";
import { createSales } from "../shared/store/sales.ts";
import { createSweeps } from "../shared/store/sweeps.ts";

/** Whose stored name nobody can read. */
const BROKEN = "600000000000000098";

/**
 * What the demo does not come to: a message nobody can handle, a refund without its sale, a lost dispute
 * of merch, a debt, a sweep that was too long. Done by the product's own code.
 */
export async function doRareDeeds({ cloud, discord, firestore }: Stage): Promise<void> {
  const database = async () => firestore;
  const now = cloud.clock.now();
  discord.addUser({ id: BROKEN, username: "broken" });
  await firestore.doc(`builders/${BROKEN}`).set({ twitch_username: 5 });
  const asked = { user: BROKEN, channelId: community.generalChannelId, name: "c500 live" };
  const endpoint = `${cloud.functions.url}/discord-interactions`;
  await discord.client.command(endpoint, { ...asked, options: { context: "chat" } });
  await cloud.settle();

  const sales = createSales(database);
  const unheardOf = { saleId: "kofi:unheard-of", id: "refund-1", amount: 500, currency: "usd" };
  await sales.refund(unheardOf, now);
  await sales.disputeTurn("stripe:pi_lost", "dp_lost", async () => "lost");
  await createDebts(database).add(
    people.mina,
    { id: "order-1.refund-1", amount: 1200, currency: "usd" },
    now,
  );
  await createSweeps(database).recordDoneUpTo("boards", "auction-200");
}
