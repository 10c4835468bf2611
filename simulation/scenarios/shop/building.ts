import { useCommand } from "../../people.ts";
import type { Stage } from "../../stage.ts";
import type { Pick } from "../scenario.ts";
import { pressBuyButton } from "./buying.ts";
import { haveDecided } from "./disputes.ts";
import { marketOf } from "./market.ts";
import { endingHolds, paidOrder, pickOrder } from "./pick-order.ts";

/** The builder proves an order on stream. */
export async function proveOnStream(stage: Stage, pick: Pick): Promise<void> {
  const { id } = await pickOrder(stage, pick, "paid");
  await prove(stage, id);
}

function prove(stage: Stage, orders: string) {
  return useCommand(stage, marketOf(stage).builder, "c500 live", { context: "order", orders });
}

/** The builder refunds; occasionally the buyer tries to. */
export async function refund(stage: Stage, pick: Pick): Promise<void> {
  const { id, buyer } = await paidOrder(stage, pick);
  const { builder } = marketOf(stage);
  const user = pick([...Array(OWN_REFUNDS).fill(builder), buyer]);
  const amount = pick([undefined, undefined, "0.01", "3.33", "10.01"]);
  const options = { order: id, restock: pick([true, false]), ...(amount && { amount }) };
  await useCommand(stage, user, "c500 refund", options);
}

/** For this many refunds by the builder there is one by someone without permission. */
const OWN_REFUNDS = 7;

/** The builder changes a drop, half of the time while somebody is about to buy. */
export async function changeDrop(
  stage: Stage,
  pick: Pick,
  change: Readonly<Record<string, string | number | boolean>>,
): Promise<void> {
  const { builder, drops } = marketOf(stage);
  const drop = pick(drops);
  const isWatched = pick([true, false]);
  const changing = useCommand(stage, builder, "c500 drops", { drop, ...change });
  if (isWatched) {
    await stage.cloud.clock.sleep(pick([0, 300, 1_000, 2_500]));
    await pressBuyButton(stage, pick(marketOf(stage).buyers), drop);
  }
  await changing;
}

/** Times relative to the end of a hold. */
const AROUND_MS = [-90_000, -3_000, -1_000, -300, 0, 300, 700, 1_500, 4_000, 60_000];

/** As several holds end one after the other, somebody acts on each of those orders. */
export async function actAtHoldEnd(stage: Stage, pick: Pick): Promise<void> {
  const { clock } = stage.cloud;
  const holds = await stage.withoutFaults(() => endingHolds(stage));
  const { heldUntilMs: firstMs } = pick(holds.slice(0, 1));
  const ending = holds.filter(({ heldUntilMs }) => heldUntilMs < firstMs + TOGETHER_MS);
  const acts = ending.map(async (order) => {
    await clock.sleep(Math.max(0, order.heldUntilMs + pick(AROUND_MS) - clock.nowMs()));
    await actOn(stage, pick, order);
  });
  await Promise.allSettled(acts);
}

const TOGETHER_MS = 5 * 60_000;

/** During or soon after the builder's proof. */
export async function actOnProof(stage: Stage, pick: Pick): Promise<void> {
  const { id, chargeId = "" } = await pickOrder(stage, pick, "paid");
  const proving = prove(stage, id);
  await stage.cloud.clock.sleep(pick([0, 1_000, 1_500, 2_000, 2_500, 3_000, 3_500, 4_000, 6_000]));
  await actOn(stage, pick, { id, chargeId });
  await proving;
}

const ACTS = ["dashboard", "dispute", "command", "review"] as const;

/** Somebody acts on an order's money; half of the time somebody else acts at the same moment. */
async function actOn(stage: Stage, pick: Pick, order: PickedOrder): Promise<void> {
  const acts = [pick(ACTS), pick([...ACTS, ...ACTS.map(() => undefined)])];
  await Promise.all(acts.map((what) => what && act(stage, pick, order, what)));
}

interface PickedOrder {
  readonly id: string;
  readonly chargeId: string;
}

/**
 * Staff or the buyer's bank withdraw money, the builder refunds, or Stripe restricts the account.
 */
async function act(
  stage: Stage,
  pick: Pick,
  { id, chargeId }: PickedOrder,
  what: (typeof ACTS)[number],
): Promise<void> {
  const { stripe } = stage;
  if (what === "dashboard") stripe.refundInDashboard(chargeId, { amount: pick([undefined, 333]) });
  if (what === "dispute") await haveDecided(stage, pick, stripe.openDispute(chargeId).id);
  if (what === "review") stripe.restrict(marketOf(stage).account);
  if (what === "command") {
    const part = pick([{}, { amount: "3.33" }]);
    const options = { order: id, restock: pick([true, false]), ...part };
    await useCommand(stage, marketOf(stage).builder, "c500 refund", options);
  }
}

/** The builder pays their money out to the bank and then refunds some buyers. */
export async function refundAfterPayout(stage: Stage, pick: Pick): Promise<void> {
  const market = marketOf(stage);
  market.paidOut += stage.stripe.payOut(market.account);
  for (const _ of Array(pick([1, 1, 3, 6]))) {
    await stage.cloud.clock.sleep(pick([1_000, 10_000, 60_000]));
    await refund(stage, pick);
  }
}
