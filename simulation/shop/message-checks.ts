import { community } from "../../local/community.ts";
import { toldTo } from "../people.ts";
import { isForgotten } from "../race/said.ts";
import { mustEqual, mustHold } from "../rules.ts";
import type { Stage } from "../stage.ts";
import type { StoredOrder } from "./books.ts";
import { marketOf } from "./market.ts";

/** N1 of docs/invariants.md. */
export async function checkShopMessages(
  stage: Stage,
  orders: readonly StoredOrder[],
): Promise<void> {
  checkCopies(stage);
  const { database } = stage;
  const processed = await database.collection("processed").get();
  const recorded = new Set(processed.docs.map(({ id }) => id));
  const { buyers, builder, unreachable, closed } = marketOf(stage);
  const isBuilderReached = !closed.has(builder);
  const told = buyers.flatMap((user) => toldTo(stage, user));
  for (const { id, isPaid, chargeId, hold, buyer } of orders) {
    const isReached = !unreachable.has(buyer) && !closed.has(buyer);
    const receipts = told.filter((text) => text.includes("Receipt") && text.includes(id));
    const what = `whether the buyer of order ${id} has a receipt`;
    if (isReached || !isPaid) mustEqual("N1", what, receipts.length > 0, isPaid);
    const due: string[] = [];
    if (isBuilderReached && isPaid) due.push(`sold:${id}`);
    if (isReached && isPaid) due.push(`receipt:${id}`);
    if (isReached && chargeId && !isPaid) due.push(`apology:${id}`);
    if (isBuilderReached && hold === "released") due.push(`released:${id}`);
    const refunds = await database.collection(`orders/${id}/refunds`).get();
    for (const refund of refunds.docs) {
      const isToTell = refund.get("kind") === "refund" && refund.get("state") === "made";
      if (!isToTell || refund.id === "unit-gone") continue;
      const isEnd = refund.id === "hold-ended";
      if (isReached) due.push(isEnd ? `hold-ended:${id}:buyer` : `refunded:${id}:${refund.id}`);
      if (!isBuilderReached) continue;
      due.push(isEnd ? `hold-ended:${id}:builder` : `refunded-by:${id}:${refund.id}`);
    }
    mustEqual(
      "N1",
      `what nobody was notified of for order ${id}`,
      due.filter((key) => !recorded.has(key)),
      [],
    );
  }
}

/** Nobody reads the same twice, but for what was sent again when Discord had forgotten the first. */
function checkCopies(stage: Stage): void {
  const { discord, faults } = stage;
  const { buyers, builder } = marketOf(stage);
  const places = [
    discord.messages(community.operatorsChannelId),
    ...[builder, ...buyers].map((user) => discord.dms(user)),
  ];
  for (const said of places) {
    const firsts = new Map<unknown, (typeof said)[number]>();
    for (const message of said.filter(({ nonce }) => nonce)) {
      const first = firsts.get(message.nonce);
      const isExcused = !first || (isForgotten(message, first) && faults.struck.size > 0);
      mustHold("N1", isExcused, () => `this was said twice: ${JSON.stringify(message)}`);
      firsts.set(message.nonce, first ?? message);
    }
  }
}
