import { recipientIn } from "../../local/stripe/objects/addresses.ts";
import type { Pick } from "../scenario.ts";
import { marketOf } from "../shop/market.ts";
import type { Stage } from "../stage.ts";
import { othersOf } from "./others.ts";

const DURATION_MS = 30_000;
/** From the answer to a bid until the next one. */
const PAUSES_MS = [1_000, 2_500, 6_000];
/** How often, and for how long, a winner looks for the link. */
const LOOKED_MS = 20_000;
const PATIENCE_MS = 10 * 60_000;

/** The builder auctions something with their terms; somebody wins it and mostly pays at once. */
export async function winAuction(stage: Stage, pick: Pick): Promise<void> {
  // Settling keeps a message that Discord forbids as a dead letter, which nobody here replays.
  if (stage.swarm.kinds.has("discord refuses messages")) throw new Error("Not in this run.");
  const { discord, cloud, endpoint } = stage;
  const { builder, buyers } = marketOf(stage);
  const channelId = pick(othersOf(stage).channels);
  const options = { title: "Brass C500", price: "20", duration: "30s" };
  const payment = pick(["split", "split", "held"]);
  const started = { ...options, payment };
  await discord.client.command(endpoint, {
    user: builder,
    channelId,
    name: "c500 auction start",
    options: started,
  });
  await cloud.clock.sleep(pick(PAUSES_MS));
  const winner = pick(buyers);
  const bids = pick([
    [[winner, "25"]],
    [[winner, "41.50"]],
    [
      [pick(buyers), "30"],
      [winner, "47.77"],
    ],
  ] as const);
  for (const [user, amount] of bids) {
    await discord.client.command(endpoint, { user, channelId, name: "bid", options: { amount } });
    await cloud.clock.sleep(pick(PAUSES_MS));
  }
  await cloud.clock.sleep(DURATION_MS);
  const entry = { shippingOption: pick([0, 0, 1]), ...addressFrom(pick) };
  if (pick([true, true, true, false])) await payForWin(stage, winner, entry);
}

/** The address that people have, or another one. */
function addressFrom(pick: Pick) {
  const country = pick([undefined, undefined, "US", "DE", "CA", "JP"]);
  return country === undefined ? {} : { shipping: recipientIn(country, pick(["one", "two"])) };
}

/** Pays with the link in the newest message about a win, once it is there. */
async function payForWin(
  stage: Stage,
  winner: string,
  entry: Parameters<Stage["stripe"]["pay"]>[2],
): Promise<void> {
  const { clock } = stage.cloud;
  const untilMs = clock.nowMs() + PATIENCE_MS;
  while (clock.nowMs() < untilMs && !stage.faults.isQuiet) {
    const won = stage.discord
      .dms(winner)
      .findLast(({ content }) => content.includes("is yours for"));
    const session = /cs_[A-Za-z0-9_]+/.exec(JSON.stringify(won?.components ?? []))?.[0];
    if (session) {
      stage.stripe.pay(session, "card", entry);
      return;
    }
    await clock.sleep(LOOKED_MS);
  }
}
