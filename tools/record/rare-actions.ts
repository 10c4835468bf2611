import {
  builderDigests,
  tombstoneDigests,
} from "../../functions/members/privacy/tombstone-digest.ts";
import { keepDecision } from "../../functions/members/store/standing-tombstones.ts";
import { createSaleDisputes } from "../../functions/races/store/sales/sale-disputes.ts";
import { createSales } from "../../functions/races/store/sales/sales.ts";
import { debtDocument } from "../../functions/shop/documents/debt.ts";
import { chargeableUntil } from "../../functions/shop/domain/forgotten-debt.ts";
import { debtReference, newDebt } from "../../functions/shop/store/refunds/debt-document.ts";
import { createTombstones } from "../../functions/shop/store/tombstones.ts";
import { community } from "../../local/cloud/community.ts";
import { people, type Stage } from "../../local/demo/cast.ts";
import { createSweeps } from "../../shared/documents/sweeps.ts";
import type { Database } from "../../shared/ports/database.ts";

/** The builder whose stored name cannot be read. */
const BROKEN = "600000000000000098";
/** Someone who is about to become a builder. */
const NEWCOMER = "600000000000000095";
/** The people who are forgotten. */
const LEAVERS = ["600000000000000096", "600000000000000097"] as const;
const HOUR_MS = 3_600_000;

/** Mina sells two units of something that is shipped: the parcel arrives damaged. */
async function sellShipped({ cloud, discord, stripe }: Stage): Promise<void> {
  const endpoint = `${cloud.functions.url}/discord-interactions`;
  const { generalChannelId: channelId } = community;
  const asked = {
    user: people.mina,
    channelId,
    name: "c500 drop",
    options: { payment: "split", limit: 2 },
  };
  const { id: of } = await discord.client.command(endpoint, asked);
  const values = { title: "Desk mat", price: "30", quantity: "3", description: "" };
  const { id: dropId } = await discord.client.modalSubmit(endpoint, { of, values });
  await cloud.settle();
  const user = people.mina;
  const bought = await discord.client.raw(endpoint, {
    user: NEWCOMER,
    channelId,
    type: 3,
    data: { custom_id: `ship-country:${dropId}:2`, component_type: 3, values: ["DE"] },
  });
  await cloud.settle();
  const page = JSON.stringify(discord.interaction(bought.id)?.original?.components ?? []);
  stripe.pay(/cs_[A-Za-z0-9_]+/.exec(page)?.[0] ?? "");
  await cloud.settle();
  const sent = { order: bought.id, tracking: "1Z999AA10123456784" };
  await discord.client.command(endpoint, { user, channelId, name: "c500 ship", options: sent });
  await cloud.settle();
  const problem = { order: bought.id, what: "damaged", text: "A corner is torn." };
  const reported = { user: NEWCOMER, channelId, name: "c500 problem", options: problem };
  await discord.client.command(endpoint, reported);
  await cloud.settle();
}

/**
 * Does what the demo leaves out: a message that nothing can handle, a refund without its sale, a lost dispute
 * of merch, a debt, a sweep that ran out of time, people who are forgotten. Runs the product's own code.
 */
export async function doRareActions(stage: Stage): Promise<void> {
  const { cloud, discord, firestore, twitch } = stage;
  const database = async () => firestore;
  const now = cloud.clock.now();
  discord.addUser({ id: BROKEN, username: "broken" });
  await firestore.doc(`builders/${BROKEN}`).set({ twitch_username: 5 });
  const asked = { user: BROKEN, channelId: community.generalChannelId, name: "c500 live" };
  const endpoint = `${cloud.functions.url}/discord-interactions`;
  await discord.client.command(endpoint, { ...asked, options: { context: "chat" } });
  await cloud.settle();

  discord.addUser({ id: NEWCOMER, username: "newcomer" });
  // Someone requests a link to Twitch, signs in there, and does not finish.
  const link = await discord.client.command(endpoint, {
    ...asked,
    user: NEWCOMER,
    name: "c500 register",
  });
  await cloud.settle();
  const [row] = (discord.interaction(link.id)?.original?.components ?? []) as unknown as {
    components: { url: string }[];
  }[];
  await fetch(twitch.signIn(row?.components[0]?.url ?? "", "otto_builds"));

  await discord.client.command(endpoint, {
    ...asked,
    user: people.mina,
    name: "c500 shipping",
    options: {
      from: "Germany",
      home: "5.00",
      countries: "EU, UK",
      "countries-price": "9.00",
      world: "25.00",
      further: "2.00",
      "free-from": "300",
      pickup: true,
    },
  });
  await discord.client.command(endpoint, {
    ...asked,
    user: people.mina,
    name: "c500 country",
    options: { country: "Germany" },
  });
  await cloud.settle();
  await sellShipped(stage);

  const sales = createSales(database);
  const unheardOf = { saleId: "kofi:unheard-of", id: "refund-1", amount: 500, currency: "usd" };
  await sales.refund(unheardOf, now);
  const lost = { read: async () => "lost" as const, now: () => now };
  await createSaleDisputes(database).follow("stripe:pi_lost", "dp_lost", lost);
  await addDebt(database, people.mina, { orderId: "order-1", amount: 1200 }, now);
  await createSweeps(database).recordDoneUpTo("boards", "auction-200");

  // Someone owed money when they were forgotten.
  const tombstones = createTombstones(database);
  const [digest = ""] = tombstoneDigests(LEAVERS[0], ["a key for examples, and nothing else"]);
  const pseudonym = `forgotten-${"0".repeat(24)}`;
  await addDebt(database, pseudonym, { orderId: "a", amount: 700 }, now);
  await tombstones.bury({ digest, pseudonym, chargeableUntil: chargeableUntil(now) });
  await tombstones.collect(pseudonym, now);

  // A builder whom staff had removed.
  const builder = { userId: LEAVERS[0], twitchUserId: undefined };
  const digests = builderDigests(builder, ["a key for examples, and nothing else"]);
  const port = await database();
  await port.runTransaction(async (transaction) =>
    keepDecision(port, transaction, { standing: "removed", digests, now }),
  );

  // One person is fully forgotten; for another, the second pass is still due.
  await forget(LEAVERS[0], stage);
  await cloud.clock.advance(2 * HOUR_MS);
  await cloud.settle();
  await forget(LEAVERS[1], stage);
}

async function forget(user: string, { cloud, discord }: Stage): Promise<void> {
  const endpoint = `${cloud.functions.url}/discord-interactions`;
  const place = { user, channelId: community.generalChannelId };
  discord.addUser({ id: user, username: `leaver_${user.at(-1)}` });
  const asked = await discord.client.command(endpoint, { ...place, name: "c500 forget me" });
  await cloud.settle();
  const message = discord.interaction(asked.id)?.original?.id ?? "";
  await discord.client.component(endpoint, { ...place, message, customId: `forget-me:${user}` });
  await cloud.settle();
}

/** A debt for a refund that could not be taken back. */
async function addDebt(
  database: Database,
  builderId: string,
  { orderId, amount }: { readonly orderId: string; readonly amount: number },
  now: Date,
): Promise<void> {
  const firestore = await database();
  const place = debtReference(firestore, builderId, `${orderId}.refund`);
  await debtDocument.createNow(place, newDebt({ orderId, amount, currency: "usd" }, now));
}
