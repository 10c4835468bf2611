import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import { defineCommand, shown } from "../../../shared/discord/definitions/define-command.ts";
import { choice, flag, text } from "../../../shared/discord/definitions/options.ts";
import { readId } from "../../../shared/documents/outside-id.ts";
import { carrierNames, MAX_TRACKING_LENGTH } from "../domain/carriers.ts";
import { parcelRefusalTexts, shipAnswer } from "../messages/parcels.ts";
import { shippedLinesAnswer } from "../messages/sent-lines.ts";
import { isBegunToShip, shipLines } from "../service/ship-lines.ts";
import { isShippedBy, type ShipDeps, type Shipment, shipParcel } from "../service/ship-parcel.ts";
import { shipForm, shipFormAgain, shipSeveralForm } from "./ship-form.ts";

type BegunDeps = Pick<ShipDeps, "orders" | "parcels">;

/** `/c500 ship`. */
export const shipCommand = defineCommand({
  words: "c500 ship",
  description: "Tell a buyer that their parcel is on its way; without options, paste several",
  options: {
    order: text("The order, or any order of its parcel", {
      maxLength: 100,
      suggest: "parcels-to-send",
    }),
    tracking: text("The tracking number, if it has one", { maxLength: MAX_TRACKING_LENGTH }),
    carrier: choice("Who delivers it; recognized from most numbers", { choices: carrierNames }),
    anyway: flag("Send it although there are reasons to wait"),
  },
  opens: ({ order, tracking, carrier, anyway }) => {
    if (order !== undefined) return undefined;
    const isEmpty = [tracking, carrier, anyway].every((value) => value === undefined);
    return isEmpty ? shown(shipSeveralForm, {}) : parcelRefusalTexts["no-order"];
  },
  who: "owner",
  answeredBy: "fulfilment",
});

/** Marks a parcel as sent. A repeat finds it sent and answers the same; another number corrects it. */
export const shipping = /* @__PURE__ */ action(shipCommand, {
  run: (use, { order, anyway, ...number }, deps: ShipDeps) =>
    ship(use, { ...number, orderId: readId(order), isAnyway: anyway === true }, deps),
  isBegun: async ({ id }, { order }, deps: BegunDeps) => {
    const orderId = readId(order);
    return orderId !== undefined && isShippedBy(id, orderId, deps);
  },
});

/** The same with the form. */
export const shippingInForm = /* @__PURE__ */ action(shipForm, {
  run: (use, values, deps: ShipDeps) => ship(use, { ...values, isAnyway: false }, deps),
  isBegun: ({ id }, { orderId }, deps: BegunDeps) => isShippedBy(id, orderId, deps),
  refused: (refusal, { id }) => ({
    content: refusal,
    buttons: [{ label: "Fix it", id: shipFormAgain.id({ draftId: id }), style: "primary" }],
  }),
});

/** Marks several parcels as sent, from pasted lines. Pasting them again changes nothing. */
export const shippingSeveral = /* @__PURE__ */ action(shipSeveralForm, {
  run: async ({ id: changeId, userId: builderId }, { lines }, deps: ShipDeps) =>
    shippedLinesAnswer(await shipLines(lines, { builderId, changeId }, deps)),
  isBegun: ({ id: changeId }, { lines }, deps: BegunDeps) =>
    isBegunToShip(lines, { changeId }, deps),
});

interface Typed extends Pick<Shipment, "tracking" | "carrier" | "isAnyway"> {
  readonly orderId: string | undefined;
}

async function ship(
  { id: changeId, userId: builderId }: CommandUse,
  { orderId, ...typed }: Typed,
  deps: ShipDeps,
): Promise<OutgoingMessage> {
  if (orderId === undefined) return { content: parcelRefusalTexts["not-found"] };
  return shipAnswer(await shipParcel({ ...typed, orderId, builderId, changeId }, deps));
}
