import { evidenceText } from "../../../../functions/fulfilment/messages/evidence.ts";
import { sentToBuyer } from "../../../../functions/shop/messages/sent-to-buyer.ts";
import { defineCommand, exitCodes, onlyId } from "../../command.ts";
import { orderNamed } from "./arguments.ts";

/** Prints what happened to an order, to be pasted into Stripe's dashboard. Reads Firestore only. */
export const orderEvidence = defineCommand({
  name: "orders evidence",
  usage: "ORDER",
  does: "prints what happened to an order, as evidence to paste into a dispute",
  options: {},

  async run({ positionals }, context, say) {
    const { deps } = await context.open(["GOOGLE_CLOUD_PROJECT"]);
    const order = await orderNamed(onlyId(positionals), deps);
    const view = await deps.orderViews.get(order.id);
    if (!view) return exitCodes.fine;
    const messages = await sentToBuyer(order, deps);
    for (const line of evidenceText({ view, messages }, deps.clock.now()).split("\n")) say(line);
    return exitCodes.fine;
  },
});
