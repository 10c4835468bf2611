import { community } from "../../../local/cloud/community.ts";
import { press, useCommand } from "../../people.ts";
import type { Stage } from "../../stage.ts";
import type { Pick } from "../scenario.ts";
import { chooseFrom, howManyUnder, type ShownList } from "./choosing.ts";
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

/** How long people look at a list at least. */
const READING_MS = 3_000;

/** Presses a drop's Buy Now if its post allows it. */
export async function pressBuyButton(stage: Stage, buyer: string, dropId: string) {
  const over = overNow(stage);
  const channelId = community.marketplaceChannelId;
  const post = stage.discord
    .messages(channelId)
    .find(({ components }) => JSON.stringify(components).includes(dropId));
  const message = post?.id ?? "";
  const pressed = await press(stage, buyer, `drop-buy:${dropId}`, { channelId, message });
  marketOf(stage).presses.push({ id: pressed.id, buyer, dropId, over });
  return pressed;
}

/** Orders that are over. */
function overNow(stage: Stage): ReadonlySet<string> {
  const seen = [...marketOf(stage).seen.values()];
  return new Set(seen.flatMap(({ id, status }) => (OVER.includes(status) ? [id] : [])));
}

/** Chooses from the list under the answer to Buy Now. Returns the id of the choice. */
export async function chooseHowMany(
  stage: Stage,
  { buyer, dropId }: { readonly buyer: string; readonly dropId: string },
  list: ShownList,
  value: string,
): Promise<string> {
  const over = overNow(stage);
  const { id } = await chooseFrom(stage, buyer, list, value);
  marketOf(stage).presses.push({ id, buyer, dropId, over });
  return id;
}

async function pressAndTakeOne(stage: Stage, buyer: string, dropId: string): Promise<void> {
  const { id } = await pressBuyButton(stage, buyer, dropId);
  await stage.cloud.clock.sleep(READING_MS);
  const list = howManyUnder(stage, id);
  if (list) await chooseHowMany(stage, { buyer, dropId }, list, "1");
}

/**
 * Orders that are over. Charged-back ones are not: their unit stays with the buyer and counts
 * towards the limit.
 */
const OVER = ["expired", "cancelled", "refunded"];

/** Opens a Checkout Session and leaves. */
export async function pressBuyNow(stage: Stage, pick: Pick): Promise<void> {
  await pressAndTakeOne(stage, oneOfBuyers(stage, pick), pick(marketOf(stage).drops));
}

/** The second press does not wait for the answer. */
export async function pressTwice(stage: Stage, pick: Pick): Promise<void> {
  const [buyer, dropId] = [oneOfBuyers(stage, pick), pick(marketOf(stage).drops)];
  await Promise.all([pressAndTakeOne(stage, buyer, dropId), pressAndTakeOne(stage, buyer, dropId)]);
}

/** As when a drop opens. */
export async function pressAllAtOnce(stage: Stage, pick: Pick): Promise<void> {
  const { buyers, drops } = marketOf(stage);
  const dropId = pick(drops);
  await Promise.all(buyers.map((buyer) => pressAndTakeOne(stage, buyer, dropId)));
}

/** Somebody wants one of each drop. */
export async function pressEveryDrop(stage: Stage, pick: Pick): Promise<void> {
  const buyer = oneOfBuyers(stage, pick);
  const pauseMs = pick([0, 300, 4_000]);
  for (const dropId of marketOf(stage).drops) {
    void pressAndTakeOne(stage, buyer, dropId).catch(() => undefined);
    await stage.cloud.clock.sleep(pauseMs);
  }
}

/** Presses Buy Now and pays with the Checkout link in the answer. */
export async function buy(stage: Stage, pick: Pick): Promise<void> {
  const [buyer, dropId] = [oneOfBuyers(stage, pick), pick(marketOf(stage).drops)];
  const hesitationMs = pick(HESITATIONS_MS);
  const { id } = await pressBuyButton(stage, buyer, dropId);
  await stage.cloud.clock.sleep(hesitationMs);
  const list = howManyUnder(stage, id);
  if (!list) return payAt(stage, id);
  const chosen = await chooseHowMany(stage, { buyer, dropId }, list, "1");
  await stage.cloud.clock.sleep(hesitationMs);
  payAt(stage, chosen);
}

/** Pays with the Checkout link in the answer to an interaction, if there is one. */
function payAt({ discord, stripe }: Stage, interactionId: string): void {
  const page = JSON.stringify(discord.interaction(interactionId)?.original?.components ?? []);
  const session = /cs_[A-Za-z0-9_]+/.exec(page)?.[0];
  if (session) stripe.pay(session);
}

/** Buys as many as they like of those that are offered. Some choose and leave. */
export async function buySeveral(stage: Stage, pick: Pick): Promise<void> {
  const [buyer, dropId] = [oneOfBuyers(stage, pick), pick(marketOf(stage).drops)];
  const [hesitationMs, isPaying] = [pick(HESITATIONS_MS), pick([true, true, false])];
  const { id } = await pressBuyButton(stage, buyer, dropId);
  await stage.cloud.clock.sleep(hesitationMs);
  const list = howManyUnder(stage, id);
  const chosen = list ? await chooseHowMany(stage, { buyer, dropId }, list, pick(list.values)) : id;
  await stage.cloud.clock.sleep(hesitationMs);
  if (isPaying) payAt(stage, chosen);
}

/** Everyone chooses at the same moment, from lists that were all true when they were shown. */
export async function chooseAllAtOnce(stage: Stage, pick: Pick): Promise<void> {
  const { buyers, drops } = marketOf(stage);
  const dropId = pick(drops);
  const pressed = await Promise.all(
    buyers.map(async (buyer) => ({ buyer, id: (await pressBuyButton(stage, buyer, dropId)).id })),
  );
  await stage.cloud.clock.sleep(READING_MS);
  const asked = pressed.flatMap(({ buyer, id }) => {
    const list = howManyUnder(stage, id);
    return list ? [{ buyer, list, value: pick(list.values) }] : [];
  });
  await Promise.all(
    asked.map(({ buyer, list, value }) => chooseHowMany(stage, { buyer, dropId }, list, value)),
  );
}

/** Chooses from a list that may be old: less may be left, or something chosen from it already. */
export async function chooseFromOldList(stage: Stage, pick: Pick): Promise<void> {
  const lists = marketOf(stage).presses.flatMap(({ id, buyer, dropId }) => {
    const list = howManyUnder(stage, id);
    return list ? [{ buyer, dropId, list }] : [];
  });
  const { list, ...who } = pick(lists);
  await chooseHowMany(stage, who, list, pick(list.values));
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
