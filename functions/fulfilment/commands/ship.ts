import type { OutgoingMessage } from "../../../shared/clients/discord.ts";
import { action, type CommandUse } from "../../../shared/discord/command-action.ts";
import { defineCommand, type ValuesOf } from "../../../shared/discord/define-command.ts";
import { choice, flag, text } from "../../../shared/discord/options.ts";
import { readId } from "../../../shared/documents/outside-id.ts";
import { carrierNames, MAX_TRACKING_LENGTH } from "../domain/carriers.ts";
import { parcelRefusalTexts, shipAnswer } from "../messages/parcels.ts";
import { type ShipDeps, shipParcel } from "../service/ship-parcel.ts";

/** `/c500 ship`. */
export const shipCommand = defineCommand({
  words: "c500 ship",
  description: "Tell a buyer that their parcel is on its way",
  options: {
    order: text("The order, or any order of its parcel", {
      required: true,
      maxLength: 100,
      suggest: "parcels-to-send",
    }),
    tracking: text("The tracking number, if it has one", { maxLength: MAX_TRACKING_LENGTH }),
    carrier: choice("Who delivers it; recognised from most numbers", { choices: carrierNames }),
    anyway: flag("Send it although there are reasons to wait"),
  },
  who: "owner",
  answeredBy: "fulfilment",
});

/** Marks a parcel as sent. A repeat finds it sent and answers the same; another number corrects it. */
export const shipping = /* @__PURE__ */ action(shipCommand, ship);

async function ship(
  { id: changeId, userId }: CommandUse,
  { order, tracking, carrier, anyway }: ValuesOf<typeof shipCommand>,
  deps: ShipDeps,
): Promise<OutgoingMessage> {
  const orderId = readId(order);
  if (orderId === undefined) return { content: parcelRefusalTexts["not-found"] };
  const shipment = {
    orderId,
    builderId: userId,
    changeId,
    tracking,
    carrier,
    isAnyway: anyway === true,
  };
  return shipAnswer(await shipParcel(shipment, deps));
}
