import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  MAX_MONEY_COMMAND_AGE_MS,
  type ValuesOf,
} from "../../../shared/discord/definitions/define-command.ts";
import { choice, text } from "../../../shared/discord/definitions/options.ts";
import { readId } from "../../../shared/documents/outside-id.ts";
import type { Deps } from "../deps.ts";
import { cancelAnswerText, cancelRequestText } from "../messages/cancellations.ts";
import {
  answerCancellation,
  type CancelDeps,
  requestCancellation,
} from "../service/cancel-order.ts";
import { cancelAcceptButton, cancelDeclineButton } from "./buttons.ts";

type Use = Pick<CommandUse, "userId" | "isStaff">;
type CancelCommandDeps = CancelDeps & Pick<Deps, "orders">;

/** `/c500 cancel`. */
export const cancelCommand = defineCommand({
  words: "c500 cancel",
  description: "Ask your builder to cancel an order; once it's late, cancel it yourself",
  options: {
    order: text("The order", { required: true, maxLength: 100, suggest: "unsent-orders" }),
    answer: choice("For builders and staff: the answer to a buyer who asked", {
      choices: { accept: "cancel it", decline: "keep it" },
    }),
  },
  who: "owner",
  limit: "requests",
  maxAgeMs: MAX_MONEY_COMMAND_AGE_MS,
  answeredBy: "fulfilment",
});

const isAccepted = async (
  _use: Use,
  { orderId }: { readonly orderId: string },
  { orders }: Pick<Deps, "orders">,
) => (await orders.get(orderId))?.cancellation?.state === "accepted";

/** Asks, cancels or answers, each once; a repeat says the same. What was accepted is finished however late. */
export const cancelling = /* @__PURE__ */ action(cancelCommand, {
  run: cancel,
  isBegun: async (use, { order }, deps: Pick<Deps, "orders">) => {
    const orderId = readId(order);
    return orderId !== undefined && isAccepted(use, { orderId }, deps);
  },
});

async function cancel(
  use: CommandUse,
  { order, answer }: ValuesOf<typeof cancelCommand>,
  deps: CancelCommandDeps,
): Promise<OutgoingMessage> {
  const orderId = readId(order);
  if (orderId === undefined) return { content: cancelRequestText({ outcome: "not-found" }) };
  if (answer !== undefined) return decide(use, { orderId, isAccepted: answer === "accept" }, deps);
  return { content: cancelRequestText(await requestCancellation(orderId, use.userId, deps)) };
}

/** Cancel it, under the question to the builder. Once; a repeat says the same. */
export const acceptingCancel = /* @__PURE__ */ action(cancelAcceptButton, {
  run: (use, { orderId }, deps: CancelCommandDeps) =>
    decide(use, { orderId, isAccepted: true }, deps),
  isBegun: isAccepted,
});

/** Keep it. Once; a repeat says the same. */
export const decliningCancel = /* @__PURE__ */ action(
  cancelDeclineButton,
  (use, { orderId }, deps: CancelCommandDeps) => decide(use, { orderId, isAccepted: false }, deps),
);

async function decide(
  { userId, isStaff }: Use,
  answer: { readonly orderId: string; readonly isAccepted: boolean },
  deps: CancelCommandDeps,
): Promise<OutgoingMessage> {
  const order = await deps.orders.get(answer.orderId);
  const isTheirs = order?.builderId === userId;
  if (!order || !(isTheirs || isStaff)) {
    return { content: cancelAnswerText({ outcome: "not-found" }) };
  }
  const by = isTheirs ? "builder" : "staff";
  return { content: cancelAnswerText(await answerCancellation({ ...answer, by }, deps)) };
}
