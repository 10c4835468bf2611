import { type Cloud, startCloud } from "../../local/cloud/cloud.ts";
import { community } from "../../local/cloud/community.ts";
import type { DiscordSimulator } from "../../local/discord/index.ts";
import { Network } from "../../local/kit/http/network.ts";
import type { StripeSimulator } from "../../local/stripe/index.ts";
import { recipientIn } from "../../local/stripe/objects/addresses.ts";
import type { TwitchSimulator } from "../../local/twitch/index.ts";
import type { Print } from "../ratio.ts";
import { median } from "../ratio.ts";

/** V8 compiles what is called often: the first sales cost what they cost a test file, the last what they cost a long run. */
const SALES = 400;
const SHOWN = [20, 100, 200, SALES];
const FREE_SHIPPING = { from: "US", home: "0", world: "0" };

/** A cloud with all simulators that a sale needs. */
interface Market {
  readonly cloud: Cloud;
  readonly network: Network;
  readonly discord: DiscordSimulator;
  readonly stripe: StripeSimulator;
  readonly twitch: TwitchSimulator;
  readonly runs: () => number;
}

/**
 * Measures the processor time of a sale through the whole cloud in this process: a new builder
 * registers, proves a channel at Twitch, connects an account, sets shipping terms and posts a drop;
 * a new buyer reserves, says where it goes, and pays; everyone is notified.
 */
export async function measureSales(print: Print): Promise<void> {
  print(`From a builder's registration to a buyer's payment, ${SALES} times in one process…`);
  const market = await openMarket();
  try {
    const times: number[] = [];
    const [runs, calls] = [market.runs(), market.network.calls];
    for (let number = 1; number <= SALES; number += 1) {
      const began = process.cpuUsage();
      await sell(market, number);
      const { user, system } = process.cpuUsage(began);
      times.push((user + system) / 1000);
      if (!SHOWN.includes(number)) continue;
      const last = times.slice(-20);
      print(`  ${`sales ${number - last.length + 1} to ${number}`.padEnd(18)} ${rounded(last)}`);
    }
    const perSale = (count: number) => (count / SALES).toFixed(0);
    print(
      `  a sale is ${perSale(market.runs() - runs)} requests to functions and ` +
        `${perSale(market.network.calls - calls)} calls over HTTP`,
    );
  } finally {
    await market.cloud.stop();
  }
}

function rounded(times: readonly number[]): string {
  return `${median(times).toFixed(0)} ms of processor time each, at best ${Math.min(...times).toFixed(0)}`;
}

async function openMarket(): Promise<Market> {
  const network = new Network();
  let runs = 0;
  const cloud = await startCloud({
    network,
    environment: { BUILDER_APPROVAL: "automatic" },
    log: (line) => {
      if (line.includes('"event":"handled"')) runs += 1;
    },
  });
  const { discord, stripe, twitch } = cloud;
  if (!discord || !stripe || !twitch) throw new Error("The benchmark needs every simulator.");
  return { cloud, network, discord, stripe, twitch, runs: () => runs };
}

/** One sale of a new builder to a new buyer. Throws unless it is paid. */
async function sell({ cloud, discord, stripe, twitch }: Market, number: number): Promise<void> {
  const endpoint = `${cloud.functions.url}/discord-interactions`;
  const builder = `72${String(number).padStart(16, "0")}`;
  const buyer = `73${String(number).padStart(16, "0")}`;
  const login = `builder_${number}`;
  discord.addUser({ id: builder, username: login });
  discord.addUser({ id: buyer, username: `buyer_${number}` });
  twitch.addUser({ id: String(10_000 + number), login });

  const types = async (name: string, options: Readonly<Record<string, string>> = {}) => {
    const channelId = community.generalChannelId;
    const { id } = await discord.client.command(endpoint, {
      user: builder,
      channelId,
      name,
      options,
    });
    await cloud.settle();
    return { id };
  };

  const link = linkIn(discord, (await types("c500 register")).id, "Sign in at Twitch");
  const page = await (await cloud.fetch(twitch.signIn(link, login))).text();
  await types("c500 register", { code: /register code:([\w-]+)/.exec(page)?.[1] ?? "" });
  await types("c500 payouts", { country: "US" });
  stripe.completeOnboarding(await accountOf(cloud, builder));
  await types("c500 shipping", FREE_SHIPPING);
  const form = await types("c500 drop", { payment: "split" });
  const values = { title: "Weight", price: "5", quantity: "1", description: "" };
  const { id: dropId } = await discord.client.modalSubmit(endpoint, { of: form.id, values });
  await cloud.settle();

  const channelId = community.marketplaceChannelId;
  // Reading the whole channel would cost more with each sale.
  const post = discord
    .events()
    .findLast((event) => event.kind === "message-created" && event.channelId === channelId);
  const pressed = await discord.client.component(endpoint, {
    user: buyer,
    channelId,
    message: post?.kind === "message-created" ? post.messageId : "",
    customId: `drop-buy:${dropId}`,
  });
  await cloud.settle();
  const sessionId = /cs_\w+/.exec(linkIn(discord, pressed.id, "Pay with Stripe"))?.[0] ?? "";
  stripe.pay(sessionId, "card", { shipping: recipientIn("US", "Buyer") });
  await cloud.settle();
  const isNotified = discord
    .dms(buyer)
    .some(({ content }) => content.includes("**Weight** is yours"));
  if (!isNotified) throw new Error(`Sale ${number} was not paid.`);
}

/** Where a button of an answer leads. */
function linkIn(discord: DiscordSimulator, interactionId: string, label: string): string {
  const rows = (discord.interaction(interactionId)?.original?.components ?? []) as readonly {
    readonly components: readonly { readonly label?: string; readonly url?: string }[];
  }[];
  const button = rows.flatMap(({ components }) => components).find((each) => each.label === label);
  if (!button?.url) throw new Error(`There is no button "${label}".`);
  return button.url;
}

async function accountOf({ databaseOf, settings }: Cloud, builder: string): Promise<string> {
  const database = databaseOf?.(settings.GOOGLE_CLOUD_PROJECT ?? "", Math.random);
  const stored = await database?.doc(`builders/${builder}`).get();
  return String(stored?.get("stripe_account_id"));
}
