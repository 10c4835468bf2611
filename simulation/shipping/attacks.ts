import { community } from "../../local/cloud/community.ts";
import { type Options, useCommand } from "../people.ts";
import { mustHold } from "../rules.ts";
import type { Pick } from "../scenario.ts";
import { type StoredOrder, storedOrders } from "../shop/checks/books.ts";
import { marketOf } from "../shop/market.ts";
import type { Stage } from "../stage.ts";
import { othersOf } from "./others.ts";

const PLACE = "attacks";
const COMPONENT = 3;
const BUTTON = 2;

/** What somebody typed or pressed of another's order. */
interface Attack {
  readonly what: string;
  readonly user: string;
  /** The interaction's id. */
  readonly id: string;
}

/** A command and what is typed behind it, besides the order. */
interface Typed {
  readonly name: string;
  readonly options: Options;
}

/** What only an order's builder may do. */
const BUILDERS: readonly Typed[] = [
  { name: "c500 ship", options: { anyway: true, tracking: "1Z999AA10123456784" } },
  { name: "c500 refund", options: {} },
  { name: "c500 cancel", options: { answer: "accept" } },
  { name: "c500 cancel", options: { answer: "decline" } },
  { name: "c500 case", options: { do: "refund" } },
  { name: "c500 case", options: { do: "shipping" } },
  { name: "c500 case", options: { do: "replace" } },
  { name: "c500 case", options: { do: "answer", text: "It is fine" } },
];
/** What only its buyer may do. */
const BUYERS: readonly Typed[] = [
  { name: "c500 cancel", options: {} },
  { name: "c500 wait", options: { days: 30 } },
  { name: "c500 problem", options: { what: "damaged" } },
  { name: "c500 case", options: { do: "withdraw" } },
];
const BUILDERS_BUTTONS = ["cancel-accept", "cancel-decline", "case:refund", "case:replace"];
const BUYERS_BUTTONS = ["parcel-arrived", "case:withdraw"];

/** Somebody types commands about an order that is not theirs. */
export async function typeForOthers(stage: Stage, pick: Pick): Promise<void> {
  const { order, user, isBuyers } = await targetOf(stage, pick);
  const { name, options } = pick(isBuyers ? BUYERS : BUILDERS);
  const { id } = await useCommand(stage, user, name, { order: order.id, ...options });
  attacksOf(stage).push({ what: `${name} ${JSON.stringify(options)} of ${order.id}`, user, id });
}

/** Somebody presses buttons below messages that others have. */
export async function pressForOthers(stage: Stage, pick: Pick): Promise<void> {
  const { order, user, isBuyers } = await targetOf(stage, pick);
  const button = pick(isBuyers ? BUYERS_BUTTONS : BUILDERS_BUTTONS);
  const { id } = await stage.discord.client.raw(stage.endpoint, {
    user,
    channelId: community.generalChannelId,
    type: COMPONENT,
    data: { custom_id: `${button}:${order.id}`, component_type: BUTTON },
  });
  attacksOf(stage).push({ what: `${button} of ${order.id}`, user, id });
}

/** An order and somebody who may not do to it what only its buyer, or only its builder, may. */
async function targetOf(stage: Stage, pick: Pick) {
  const orders = await stage.withoutFaults(() => storedOrders(stage));
  const order: StoredOrder = pick(orders.filter(({ isPaid }) => isPaid));
  const { builder, buyers } = marketOf(stage);
  const { stranger, rival, staff } = othersOf(stage);
  const isBuyers = pick([true, false]);
  const others = buyers.filter((buyer) => buyer !== order.buyer);
  const own = isBuyers ? [builder, staff] : [order.buyer];
  return { order, isBuyers, user: pick([stranger, rival, pick(others), ...own]) };
}

/** The answers to people who may not do something, or not any more, or not so often. */
const REFUSED =
  /can't find that order|isn't yours|Nothing is waiting|Nobody has|can't refund|only|Only|too (?:many|often|fast)|isn't paid|not yours|slow|took too long|later/;

/** S12: nobody has done anything to what is not theirs. */
export function checkAttacks(stage: Stage): void {
  for (const { what, user, id } of attacksOf(stage)) {
    const answer = stage.discord.interaction(id)?.original?.content ?? "";
    const isRefused = answer === "" || REFUSED.test(answer);
    mustHold("S12", isRefused, () => `${user} tried ${what} and was answered: ${answer}`);
  }
}

function attacksOf({ memory }: Stage): Attack[] {
  const attacks = (memory.get(PLACE) ?? []) as Attack[];
  memory.set(PLACE, attacks);
  return attacks;
}
