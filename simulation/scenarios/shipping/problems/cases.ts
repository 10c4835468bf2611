import { press, useCommand } from "../../../people.ts";
import type { Stage } from "../../../stage.ts";
import type { Pick } from "../../scenario.ts";
import { type StoredOrder, storedOrders } from "../../shop/checks/books.ts";
import { haveDecided } from "../../shop/disputes.ts";
import { marketOf } from "../../shop/market.ts";
import { othersOf } from "../others.ts";
import { type StoredCase, storedCases } from "../parcels.ts";
import { sendSomething } from "../sending/sending.ts";

/** Somebody else acts this long after the first. */
const PAUSES_MS = [0, 300, 1_000, 2_500];
/** From one move to the next. */
const THOUGHTS_MS = [3_000, 60_000, 10 * 60_000, 2 * 3_600_000];
const READING_MS = 10_000;
const SENT = ["shipped", "delivered"];
const WAITING = ["open", "answered"];
const LIVE = ["open", "answered", "escalated"];
const BUTTONS = ["refund", "replace", "close", "withdraw", "escalate"];

/** A buyer reports that something is wrong, also before it was sent or when it is settled. */
export async function report(stage: Stage, pick: Pick): Promise<void> {
  const orders = await stage.withoutFaults(() => storedOrders(stage));
  const sent = await sentOrders(stage);
  await reportOn(stage, pick, pick([...sent, ...sent, ...sent, ...orders.slice(-1)]));
}

/** A buyer reports something about what was sent; something is sent if nothing was. */
async function reportSomething(stage: Stage, pick: Pick): Promise<void> {
  if ((await sentOrders(stage)).length === 0) await sendSomething(stage, pick);
  await reportOn(stage, pick, pick(await sentOrders(stage)));
  await stage.cloud.clock.sleep(READING_MS);
}

async function sentOrders(stage: Stage): Promise<readonly StoredOrder[]> {
  const orders = await stage.withoutFaults(() => storedOrders(stage));
  return orders.filter(({ status }) => SENT.includes(status));
}

async function reportOn(stage: Stage, pick: Pick, { id, buyer }: StoredOrder): Promise<void> {
  await useCommand(stage, buyer, "c500 problem", {
    order: id,
    what: pick(["not-arrived", "damaged", "not-as-described"]),
    ...(pick([true, false]) && { text: "One corner is bent" }),
  });
}

/** A buyer reports something, and both sides and the team decide one after another. */
export async function reportAndDecide(stage: Stage, pick: Pick): Promise<void> {
  if ((await sentOrders(stage)).length === 0) await sendSomething(stage, pick);
  const sent = await sentOrders(stage);
  await reportOn(stage, pick, pick(sent));
  await stage.cloud.clock.sleep(READING_MS);
  const cases = await stage.withoutFaults(() => storedCases(stage));
  const found = pick(cases.filter(({ state }) => LIVE.includes(state)));
  for (const side of pick(SIDES)) {
    await stage.cloud.clock.sleep(pick(THOUGHTS_MS));
    // Once faults have stopped nobody acts any more.
    if (stage.faults.isQuiet) return;
    await decide(stage, pick, found, side);
  }
}

/** The builder decides: a refund of all, of a part or of an amount, another parcel, an answer. */
export async function decideAsBuilder(stage: Stage, pick: Pick): Promise<void> {
  await decide(stage, pick, await caseIn(stage, pick, LIVE), "builder");
}

/** The builder answers, and then nobody says a word. */
export async function answerAndLeave(stage: Stage, pick: Pick): Promise<void> {
  const { orderId } = await caseIn(stage, pick, WAITING);
  const text = pick(["It has left the post office", "Please send a picture"]);
  await useCommand(stage, marketOf(stage).builder, "c500 case", {
    order: orderId,
    do: "answer",
    text,
  });
}

/** A case is answered, or nobody says a word about it: somebody reports something if there is none. */
export async function reportAndLeave(stage: Stage, pick: Pick): Promise<void> {
  const cases = await stage.withoutFaults(() => storedCases(stage));
  if (!cases.some(({ state }) => WAITING.includes(state))) {
    await reportSomething(stage, pick);
  }
  if (stage.faults.isQuiet || pick([true, false, false])) return;
  await answerAndLeave(stage, pick);
}

/** The buyer is content, or asks the team. */
export async function decideAsBuyer(stage: Stage, pick: Pick): Promise<void> {
  await decide(stage, pick, await caseIn(stage, pick, ["open", "answered"]), "buyer");
}

/** The team decides. */
export async function decideAsStaff(stage: Stage, pick: Pick): Promise<void> {
  await decide(stage, pick, await caseIn(stage, pick, ["escalated", "escalated", "open"]), "staff");
}

/** Two sides, or one side twice, decide at the same time. */
export async function decideTogether(stage: Stage, pick: Pick): Promise<void> {
  const found = await caseIn(stage, pick, LIVE);
  const sides = [pick(["builder", "buyer"] as const), pick(["builder", "staff"] as const)];
  const [first, second] = sides.map((side) => () => decide(stage, pick, found, side));
  await Promise.all([first?.(), stage.cloud.clock.sleep(pick(PAUSES_MS)).then(() => second?.())]);
}

/** The buyer's bank disputes the payment of what they reported, now or earlier, and decides after a while. */
export async function disputeCase(stage: Stage, pick: Pick): Promise<void> {
  const cases = await stage.withoutFaults(() => storedCases(stage));
  if (!cases.some(({ state }) => LIVE.includes(state))) {
    await reportSomething(stage, pick);
    // Once faults have stopped nobody acts any more.
    if (stage.faults.isQuiet) return;
  }
  const found = await caseIn(stage, pick, LIVE);
  const orders = await stage.withoutFaults(() => storedOrders(stage));
  const { chargeId = "" } = orders.find(({ id }) => id === found.orderId) ?? {};
  const { id } = stage.stripe.openDispute(chargeId);
  if (pick([true, false])) await decide(stage, pick, found, pick(["builder", "staff"]));
  await haveDecided(stage, pick, id);
}

/** `answer`: the builder, who answers. */
type Side = "builder" | "answer" | "buyer" | "staff";
/** Who moves a case, in this order. */
const SIDES: readonly (readonly Side[])[] = [
  ["builder"],
  ["answer", "buyer"],
  ["answer", "buyer", "staff"],
  ["builder", "builder"],
  ["buyer"],
  ["staff"],
];
const ANSWERS = [
  { do: "answer", text: "It has left the post office" },
  { do: "answer", text: "Please send a picture" },
];
const OPTIONS: Readonly<Record<Side, readonly Readonly<Record<string, string>>[]>> = {
  answer: ANSWERS,
  builder: [
    { do: "refund" },
    { do: "refund", amount: "3.33" },
    { do: "refund", amount: "999.99" },
    { do: "items" },
    { do: "shipping" },
    { do: "replace" },
    { do: "replace" },
    ...ANSWERS,
    { do: "escalate" },
    { do: "escalate" },
  ],
  buyer: [{ do: "withdraw" }, { do: "escalate" }, { do: "escalate" }],
  staff: [
    { do: "refund" },
    { do: "refund", amount: "2.22" },
    { do: "shipping" },
    { do: "replace" },
    { do: "close" },
  ],
};

/** One side decides, by command or with a button of a message that they have. */
async function decide(stage: Stage, pick: Pick, found: StoredCase, side: Side): Promise<void> {
  const { builder } = marketOf(stage);
  const { staff } = othersOf(stage);
  const user = { builder, answer: builder, buyer: found.buyer, staff }[side];
  const buttons = BUTTONS.map((move) => `case:${move}:${found.orderId}`);
  const shown = stage.discord.dms(user).flatMap((message) =>
    buttons.flatMap((customId) => {
      const isThere = JSON.stringify(message.components).includes(customId);
      return isThere ? [{ customId, channelId: message.channel_id, message: message.id }] : [];
    }),
  );
  if (side !== "answer" && shown.length > 0 && pick([true, false, false])) {
    const { customId, ...place } = pick(shown);
    await press(stage, user, customId, place);
    return;
  }
  const options = { order: found.orderId, ...pick(OPTIONS[side]) };
  await useCommand(stage, user, "c500 case", options);
}

/** A case in one of these states; states that are named twice are picked twice as often. */
async function caseIn(stage: Stage, pick: Pick, states: readonly string[]): Promise<StoredCase> {
  const cases = await stage.withoutFaults(() => storedCases(stage));
  return pick(states.flatMap((state) => cases.filter((each) => each.state === state)));
}
