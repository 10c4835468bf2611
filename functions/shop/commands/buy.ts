import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import type { ValuesOf } from "../../../shared/discord/definitions/define-command.ts";
import { countrySelect, ELSEWHERE } from "../../shipping/commands/country-select.ts";
import { PICKUP } from "../../shipping/domain/terms.ts";
import { countryQuestion, elsewhereText } from "../../shipping/messages/country.ts";
import { type BuyRequest, buy } from "../checkout/checkout.ts";
import { endReservation } from "../checkout/end-reservation.ts";
import { isHidden } from "../domain/drop.ts";
import { buyRefusalText } from "../messages/buy-refusals.ts";
import {
  buyRefusalTexts,
  dropDetails,
  givenBackText,
  notGivenBackText,
  payNow,
} from "../messages/drops.ts";
import { quantityQuestion } from "../messages/quantity.ts";
import { buyButton, detailsButton, giveBackButton } from "./buttons.ts";
import { quantitySelect } from "./quantity-select.ts";
import type { ShopDeps } from "./shop-deps.ts";

/**
 * Buy Now: reserves a unit under the press's id and answers with the Checkout link, or asks how many where there is a
 * choice.
 */
export const buying = /* @__PURE__ */ action(buyButton, {
  run: async ({ id, userId }, { dropId }, deps: ShopDeps) => {
    return buyFor({ orderId: id, dropId, buyerId: userId, quantity: undefined }, deps);
  },
  isBegun: isReservedAlready,
});

/** How many: reserves so many units under the choice's id. Late: with fewer units left it is asked again. */
export const quantityChosen = /* @__PURE__ */ action(quantitySelect, {
  run: async ({ id, userId }, { dropId, chosen }, deps: ShopDeps) => {
    return buyFor({ orderId: id, dropId, buyerId: userId, quantity: Number(chosen) }, deps);
  },
  isBegun: isReservedAlready,
});

/** Where should it go: stores the country, and buys with it. Idempotency: both are done under the choice's id. */
export const countryChosen = /* @__PURE__ */ action(countrySelect, {
  run: async ({ id, userId }, { soldId: dropId, quantity, chosen }, deps: ShopDeps) => {
    if (chosen === ELSEWHERE) return { content: elsewhereText };
    if (chosen !== PICKUP) await deps.shipCountries.choose({ userId, changeId: id }, chosen);
    const request = { orderId: id, dropId, buyerId: userId, quantity, destination: chosen };
    return buyFor(request, deps);
  },
  isBegun: isReservedAlready,
});

async function isReservedAlready(
  { id }: Pick<CommandUse, "id">,
  _values: unknown,
  { orders }: Pick<ShopDeps, "orders">,
): Promise<boolean> {
  return (await orders.get(id)) !== undefined;
}

/** Buys, or asks first how many and where they should go. */
async function buyFor(request: BuyRequest, deps: ShopDeps): Promise<OutgoingMessage> {
  const result = await buy(request, deps);
  if (result.ok) return payNow(result.order, result);
  const { question, howMany } = result;
  if (howMany) return quantityQuestion(howMany);
  if (question) return countryQuestion({ soldId: request.dropId, ...question });
  return { content: buyRefusalText(result, deps.config) };
}

/** Details: everything about a drop, for the one who asks. Reads only. */
export const showingDetails = /* @__PURE__ */ action(
  detailsButton,
  async (_use, { dropId }, { drops, builders }: Pick<ShopDeps, "drops" | "builders">) => {
    const drop = await drops.get(dropId);
    if (!drop || isHidden(drop)) return { content: buyRefusalTexts["not-found"] };
    const [stock, builder] = await Promise.all([
      drops.stockLevel(drop.id),
      builders.get(drop.builderId),
    ]);
    return dropDetails({ drop, stock, builder });
  },
);

/** Give it back: ends the buyer's own reservation. A repeat finds it ended and says so. */
export const givingBack = /* @__PURE__ */ action(giveBackButton, {
  run: giveBack,
  isBegun: async ({ userId }, { orderId }, { orders }: Pick<ShopDeps, "orders">) => {
    const order = await orders.get(orderId);
    return order?.buyerId === userId && order.fulfillmentStatus === "cancelled";
  },
});

async function giveBack(
  { userId }: CommandUse,
  { orderId }: ValuesOf<typeof giveBackButton>,
  deps: ShopDeps,
): Promise<OutgoingMessage> {
  const order = await deps.orders.get(orderId);
  if (order?.buyerId !== userId) return { content: notGivenBackText };
  if (order.fulfillmentStatus === "cancelled") return { content: givenBackText };
  const isGivenBack = await endReservation(orderId, "cancelled", deps);
  // Stripe's own word of the page's end may have been quicker.
  const after = isGivenBack ? undefined : await deps.orders.get(orderId);
  const isOver = ["expired", "cancelled"].includes(after?.fulfillmentStatus ?? "");
  return { content: isGivenBack || isOver ? givenBackText : notGivenBackText };
}
