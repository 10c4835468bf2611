import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { oneLine, plain } from "../../../shared/discord/theme.ts";
import { caseKinds } from "../../shipping/documents/case.ts";
import type { caseKindWords } from "../../shipping/domain/case.ts";
import { type Order, orderTitle } from "../../shop/domain/order.ts";
import { wrongKindButton, wrongOrderSelect } from "../commands/problem-form.ts";

/** https://discord.com/developers/docs/components/reference#string-select */
const MAX_OPTIONS = 25;
const MAX_LABEL = 100;

/** Asks with which order of a parcel something is wrong. */
export function whichOrderQuestion(orders: readonly Order[]): OutgoingMessage {
  const more = orders.length > MAX_OPTIONS ? " If it isn't in the list, use `/c500 problem`." : "";
  return {
    content: `I'm sorry! What is it about?${more}`,
    select: {
      id: wrongOrderSelect.id({}),
      placeholder: "Choose what it is about",
      options: orders.slice(0, MAX_OPTIONS).map((order) => ({
        label: oneLine(orderTitle(order) ?? "An order", MAX_LABEL),
        value: order.id,
        description: `Order ${order.id}`.slice(0, MAX_LABEL),
      })),
    },
  };
}

/** Asks what is wrong with an order; each button opens the form. */
export function whatIsWrongQuestion(order: Order): OutgoingMessage {
  const orderId = order.id;
  return {
    content: `What is wrong with **${plain(orderTitle(order) ?? "the order", MAX_LABEL)}**? Then tell us more, with pictures if they help. I'll ask your builder, and the team decides if they don't answer.`,
    buttons: caseKinds.map((what) => ({
      label: buttonLabels[what],
      id: wrongKindButton.id({ what, orderId }),
      style: "primary" as const,
    })),
  };
}

const buttonLabels: typeof caseKindWords = {
  "not-arrived": "It hasn't arrived",
  damaged: "It's damaged",
  "not-as-described": "It isn't what was described",
};
