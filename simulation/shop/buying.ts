import { community } from "../../local/cloud/community.ts";
import { press, useCommand } from "../people.ts";
import type { Pick } from "../scenario.ts";
import type { Stage } from "../stage.ts";
import { marketOf } from "./market.ts";
import { pickOrder } from "./pick-order.ts";

/** A regular who returns more often than others, so that one person's actions overlap. */
function oneOfBuyers(stage: Stage, pick: Pick): string {
  const { buyers } = marketOf(stage);
  return pick([...buyers, ...buyers.slice(0, REGULARS).flatMap((buyer) => [buyer, buyer, buyer])]);
}

const REGULARS = 2;
/** How long people hesitate before they pay. */
const HESITATIONS_MS = [2_000, 9_000, 30_000, 120_000];

/** Presses a drop's Buy Now if its post allows it. */
export async function pressBuyButton(stage: Stage, buyer: string, dropId: string) {
  const { seen, presses } = marketOf(stage);
  const over = new Set(
    [...seen.values()].flatMap(({ id, status }) => (OVER.includes(status) ? [id] : [])),
  );
  const channelId = community.marketplaceChannelId;
  const post = stage.discord
    .messages(channelId)
    .find(({ components }) => JSON.stringify(components).includes(dropId));
  const message = post?.id ?? "";
  const pressed = await press(stage, buyer, `drop-buy:${dropId}`, { channelId, message });
  presses.push({ id: pressed.id, buyer, dropId, over });
  return pressed;
}

/**
 * Orders that are over. Charged-back ones are not: their unit stays with the buyer and counts
 * towards the limit.
 */
const OVER = ["expired", "cancelled", "refunded"];

/** Opens a Checkout Session and leaves. */
export async function pressBuyNow(stage: Stage, pick: Pick): Promise<void> {
  await pressBuyButton(stage, oneOfBuyers(stage, pick), pick(marketOf(stage).drops));
}

/** The second press does not wait for the answer. */
export async function pressTwice(stage: Stage, pick: Pick): Promise<void> {
  const [buyer, dropId] = [oneOfBuyers(stage, pick), pick(marketOf(stage).drops)];
  await Promise.all([pressBuyButton(stage, buyer, dropId), pressBuyButton(stage, buyer, dropId)]);
}

/** As when a drop opens. */
export async function pressAllAtOnce(stage: Stage, pick: Pick): Promise<void> {
  const { buyers, drops } = marketOf(stage);
  const dropId = pick(drops);
  await Promise.all(buyers.map((buyer) => pressBuyButton(stage, buyer, dropId)));
}

/** Somebody wants one of each drop. */
export async function pressEveryDrop(stage: Stage, pick: Pick): Promise<void> {
  const buyer = oneOfBuyers(stage, pick);
  const pauseMs = pick([0, 300, 4_000]);
  for (const dropId of marketOf(stage).drops) {
    void pressBuyButton(stage, buyer, dropId).catch(() => undefined);
    await stage.cloud.clock.sleep(pauseMs);
  }
}

/** Presses Buy Now and pays with the Checkout link in the answer. */
export async function buy(stage: Stage, pick: Pick): Promise<void> {
  const [buyer, dropId] = [oneOfBuyers(stage, pick), pick(marketOf(stage).drops)];
  const hesitationMs = pick(HESITATIONS_MS);
  const { id } = await pressBuyButton(stage, buyer, dropId);
  await stage.cloud.clock.sleep(hesitationMs);
  const page = JSON.stringify(stage.discord.interaction(id)?.original?.components ?? []);
  const session = /cs_[A-Za-z0-9_]+/.exec(page)?.[0];
  if (session) stage.stripe.pay(session);
}

/** Includes payments after the reservation has ended. */
export async function pay(stage: Stage, pick: Pick): Promise<void> {
  const order = await pickOrder(stage, pick, "reserved", "expired", "cancelled");
  const how = pick(["card", "card", "card", "declined", "bank-debit"] as const);
  stage.stripe.pay(order.sessionId ?? "", how);
}

/** Days after the buyer's payment, or immediately. */
export async function settleBankDebit(stage: Stage, pick: Pick): Promise<void> {
  const order = await pickOrder(stage, pick, "processing");
  const outcome = pick(["succeeded", "succeeded", "failed"] as const);
  stage.stripe.settleBankDebit(order.sessionId ?? "", outcome);
}

/** Presses the button below the Checkout link. */
export async function giveBack(stage: Stage, pick: Pick): Promise<void> {
  const { id, buyer } = await pickOrder(stage, pick, "reserved");
  const message = stage.discord.interaction(id)?.original?.id ?? "";
  const channelId = community.marketplaceChannelId;
  await press(stage, buyer, `order-cancel:${id}`, { channelId, message });
}

const MINUTE_MS = 60_000;
/** Times relative to the Checkout Session's expiry. */
const AROUND_CLOSING_MS = [-MINUTE_MS, -5_000, -1_000, -200, 0, 300, 2_000, MINUTE_MS];

/** The Checkout Session expires while someone pays. */
export async function payInTheLastMinute(stage: Stage, pick: Pick): Promise<void> {
  const { sessionId = "", endsAtMs } = await pickOrder(stage, pick, "reserved");
  const { clock } = stage.cloud;
  await clock.sleep(Math.max(0, endsAtMs + pick(AROUND_CLOSING_MS) - clock.nowMs()));
  stage.stripe.pay(sessionId);
}

/** Looks up their own orders and stored data. */
export async function lookUpOwn(stage: Stage, pick: Pick): Promise<void> {
  const user = pick([...marketOf(stage).buyers, marketOf(stage).builder]);
  await useCommand(stage, user, pick(["c500 profile", "c500 my-data"]));
}
