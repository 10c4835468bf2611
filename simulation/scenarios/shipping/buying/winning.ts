import { recipientIn } from "../../../../local/stripe/objects/addresses.ts";
import type { Options } from "../../../people.ts";
import type { Stage } from "../../../stage.ts";
import { typeBid } from "../../auction/bidding.ts";
import type { Pick } from "../../scenario.ts";
import { marketOf } from "../../shop/market.ts";
import { othersOf } from "../others.ts";
import { changeTermsOf, LOGIN } from "./offering.ts";

const DURATION_MS = 30_000;
/** What planning, changing and beginning take. */
const PLANNING_MS = 15_000;
/** From the answer to a bid until the next one. */
const PAUSES_MS = [1_000, 2_500, 6_000];
/** How often, and for how long, a winner looks for the link. */
const LOOKED_MS = 20_000;
const PATIENCE_MS = 10 * 60_000;

/** The builder auctions something with their terms; somebody wins it and mostly pays at once. */
export async function winAuction(stage: Stage, pick: Pick): Promise<void> {
  const channelId = pick(othersOf(stage).channels);
  await start(stage, pick, channelId, {});
  await stage.cloud.clock.sleep(pick(PAUSES_MS));
  await bidAndPay(stage, pick, channelId);
}

/** The builder plans an auction, changes how it ships, and begins it by going live. */
export async function winPlanned(stage: Stage, pick: Pick): Promise<void> {
  const { twitch, cloud } = stage;
  const channelId = pick(othersOf(stage).channels);
  twitch.endStream(LOGIN);
  await cloud.clock.sleep(PLANNING_MS);
  const { id: auction } = await start(stage, pick, channelId, { opens: "live" });
  await cloud.clock.sleep(PLANNING_MS);
  await changeTermsOf(stage, pick, { auction });
  await cloud.clock.sleep(pick([0, PLANNING_MS]));
  // Once faults have stopped nobody acts any more.
  if (stage.faults.isQuiet) return;
  twitch.goLive(LOGIN, { title: "At the bench" });
  await cloud.clock.sleep(PLANNING_MS);
  // Bidders have been shown how it ships, so it stays.
  if (pick([true, false])) await changeTermsOf(stage, pick, { auction });
  await bidAndPay(stage, pick, channelId);
}

function start(stage: Stage, pick: Pick, channelId: string, more: Options) {
  const options = { title: "Brass C500", price: "20", duration: "30s", ...more };
  return stage.discord.client.command(stage.endpoint, {
    user: marketOf(stage).builder,
    channelId,
    name: "c500 auction start",
    options: { ...options, payment: pick(["split", "split", "held"]) },
  });
}

async function bidAndPay(stage: Stage, pick: Pick, channelId: string): Promise<void> {
  const { clock } = stage.cloud;
  const { buyers } = marketOf(stage);
  const winner = pick(buyers);
  const bids = pick([
    [[winner, 2_500]],
    [[winner, 4_150]],
    [
      [pick(buyers), 3_000],
      [winner, 4_777],
    ],
  ] as const);
  for (const [user, amount] of bids) {
    if (stage.faults.isQuiet) return;
    await typeBid(stage, user, channelId, { amount, max: 0 });
    await clock.sleep(pick(PAUSES_MS));
  }
  await clock.sleep(DURATION_MS);
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
