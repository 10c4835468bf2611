import { readTracking } from "../../../../functions/fulfilment/domain/carriers.ts";
import { manifest } from "../../../../functions/manifest.ts";
import type { Deps } from "../../../../functions/operations/deps.ts";
import { operatorMoves } from "../../../../functions/shop/documents/order.ts";
import type { OperatorMove, Order } from "../../../../functions/shop/domain/order.ts";
import { UsageError } from "../../../cli/command-line.ts";
import { defineCommand, exitCodes, isConfirmed, NeedsYouError } from "../../command.ts";
import { type MoveDetails, moveOrder } from "../../move-order.ts";
import { noteOf, noteOptions } from "../ledger/arguments.ts";
import { moneyWord, orderNamed } from "./arguments.ts";

const CHOICES = operatorMoves.join("|");

/** Moves an order or its parcel by hand, with a reason that is stored with it. */
export const moveOrderByHand = defineCommand({
  name: "orders move",
  usage: `ORDER ${CHOICES} --reason TEXT [--stream ID] [--tracking NUMBER] [--carrier NAME] [--anyway] [--by NAME] [--yes]`,
  does: `moves an order, or the parcel that it is in, under the same rules as the commands of Discord, and prints what
           changed. building counts a stream of its builder as the proof of work: --stream is the id of its video.
           sent takes --tracking, --carrier and --anyway as /c500 ship does. canceled gives everything back, unless it
           was sent. The reason stays on the order's timeline and is posted in the operators' channel`,
  options: {
    ...noteOptions,
    stream: { type: "string" },
    tracking: { type: "string" },
    carrier: { type: "string" },
    anyway: { type: "boolean" },
    yes: { type: "boolean" },
  },

  async run({ values, positionals }, context, say) {
    const [orderId, typed, ...more] = positionals;
    const what = operatorMoves.find((each) => each === typed);
    if (!orderId || !what || more.length > 0) {
      throw new UsageError(`Give an order and one of ${operatorMoves.join(", ")}.`);
    }
    const note = noteOf(values);
    const { stream, carrier } = values;
    const tracking = values.tracking === undefined ? undefined : trackingOf(values.tracking);
    const details = { stream, tracking, carrier, isAnyway: values.anyway === true };
    checkDetails(what, details);
    const { name, deps } = await context.open(manifest.sweeper.settings);
    const before = await orderNamed(orderId, deps);
    const lines = await linesOf(before, deps);
    for (const line of lines) say(line);
    const question = `Move order ${orderId} to ${what} in ${name}?`;
    if (!(await isConfirmed(question, values.yes, context))) {
      say("Nothing was changed.");
      return exitCodes.needsYou;
    }
    const move: OperatorMove = { what, ...note, at: deps.clock.now() };
    const result = await moveOrder(before, move, details, deps);
    if (result.outcome === "refused") throw new NeedsYouError(result.why);
    if (result.outcome === "already") {
      say("It is so already. Nothing was changed.");
      return exitCodes.fine;
    }
    const after = await linesOf(await orderNamed(orderId, deps), deps);
    for (const [index, line] of after.entries()) if (line !== lines[index]) say(`now  ${line}`);
    return exitCodes.fine;
  },
});

function trackingOf(typed: string): string {
  const tracking = readTracking(typed);
  if (tracking !== undefined) return tracking;
  throw new UsageError("--tracking takes 6 to 40 letters and digits.");
}

function checkDetails(what: OperatorMove["what"], details: MoveDetails): void {
  const { stream, tracking, carrier, isAnyway } = details;
  if (stream !== undefined && what !== "building") {
    throw new UsageError("--stream goes with building.");
  }
  const isParcels = tracking !== undefined || carrier !== undefined || isAnyway;
  if (isParcels && what !== "sent") {
    throw new UsageError("--tracking, --carrier and --anyway go with sent.");
  }
}

/** What a move can change, one line each. */
async function linesOf(order: Order, { parcels }: Pick<Deps, "parcels">): Promise<string[]> {
  const { fulfillmentStatus, parcel, proof, cancellation, payment } = order;
  const packed = parcel && (await parcels.get(parcel.id));
  return [
    `Status   ${fulfillmentStatus}`,
    `Work     ${proof ? `proved by stream ${proof.streamId}` : "not proved"}`,
    `Parcel   ${packed ? `${packed.state}, tracking ${packed.tracking ?? "none"}` : "none"}`,
    `Cancel   ${cancellation?.state ?? "not asked"}`,
    `Refunds  ${payment ? `${moneyWord(payment.refundRequested, payment)} decided, ${moneyWord(payment.refunded, payment)} made` : "none"}`,
  ];
}
