import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  MAX_MONEY_COMMAND_AGE_MS,
  type ValuesOf,
} from "../../../shared/discord/definitions/define-command.ts";
import { choice, text } from "../../../shared/discord/definitions/options.ts";
import { readId } from "../../../shared/documents/outside-id.ts";
import { parseAmount } from "../../../shared/money/money.ts";
import type { CaseActor, CaseMove } from "../../shipping/domain/case.ts";
import type { RefundedPart } from "../../shop/domain/order-parts.ts";
import type { Deps } from "../deps.ts";
import { badCaseAmountText, caseAnswer, caseRefusalTexts } from "../messages/cases.ts";
import { type CaseDeps, decideCase, isDecisionBegun } from "../service/cases.ts";
import { caseButton } from "./buttons.ts";

type CaseCommandDeps = CaseDeps & Pick<Deps, "orders">;
type BegunDeps = Pick<Deps, "refunds" | "cases">;
type Chosen = { readonly move: CaseMove; readonly part?: RefundedPart };

const choices = {
  refund: "refund it, or the amount that you give",
  items: "refund the items",
  shipping: "refund the shipping",
  replace: "send it again",
  answer: "answer the buyer",
  withdraw: "it's fine after all",
  escalate: "ask the team",
  close: "close it without a refund (staff)",
} as const;

/** `/c500 case`. */
export const caseCommand = defineCommand({
  words: "c500 case",
  description: "Decide about something that a buyer reported",
  options: {
    order: text("The order", { required: true, maxLength: 100, suggest: "sold-orders" }),
    do: choice("What to do", { choices, required: true }),
    amount: text("Of a refund: how much, such as 12.50", { maxLength: 20 }),
    text: text("Of an answer: what the buyer reads", { maxLength: 1000 }),
  },
  who: "owner",
  limit: "requests",
  maxAgeMs: MAX_MONEY_COMMAND_AGE_MS,
  answeredBy: "fulfilment",
});

/** Decides a case, once: what was settled stays so, and a repeat says the same. */
export const decidingCase = /* @__PURE__ */ action(caseCommand, {
  run: decide,
  isBegun: async (_use, { order, do: chosen, text: words }, deps: BegunDeps) => {
    const orderId = readId(order);
    if (orderId === undefined) return false;
    return isDecisionBegun({ orderId, move: moveOf(chosen).move, text: words }, deps);
  },
});

async function decide(
  use: CommandUse,
  { order, do: chosen, amount, text: words }: ValuesOf<typeof caseCommand>,
  deps: CaseCommandDeps,
): Promise<OutgoingMessage> {
  const orderId = readId(order);
  if (orderId === undefined) return { content: caseRefusalTexts["not-found"] };
  const { move, part } = moveOf(chosen);
  if (move === "answer" && words === undefined) return { content: caseRefusalTexts["no-text"] };
  const of = part ? { part } : {};
  return act(use, { orderId, move, amount, text: words, ...of }, deps);
}

function moveOf(chosen: keyof typeof choices): Chosen {
  return chosen === "items" || chosen === "shipping"
    ? { move: "refund", part: chosen }
    : { move: chosen };
}

/** The buttons under messages about cases. Each is decided once, like the command. */
export const pressingCase = /* @__PURE__ */ action(caseButton, {
  run: (use, { move, orderId }, deps: CaseCommandDeps) => act(use, { orderId, move }, deps),
  isBegun: (_use, { move, orderId }, deps: BegunDeps) => isDecisionBegun({ orderId, move }, deps),
});

interface Asked extends Chosen {
  readonly orderId: string;
  readonly amount?: string | undefined;
  readonly text?: string | undefined;
}

async function act(
  { id: changeId, userId, isStaff }: Pick<CommandUse, "id" | "userId" | "isStaff">,
  { amount: typed, ...asked }: Asked,
  deps: CaseCommandDeps,
): Promise<OutgoingMessage> {
  const order = await deps.orders.get(asked.orderId);
  const by = order && actorOf(order, userId, isStaff);
  if (!by) return { content: caseRefusalTexts["not-found"] };
  const currency = order.payment?.currency ?? "usd";
  const amount = typed === undefined ? undefined : parseAmount(typed, currency);
  if (typed !== undefined && !amount) return { content: badCaseAmountText(currency) };
  return caseAnswer(asked.move, await decideCase({ ...asked, amount, by, changeId }, deps));
}

function actorOf(
  { buyerId, builderId }: { readonly buyerId: string; readonly builderId: string },
  userId: string,
  isStaff: boolean,
): CaseActor | undefined {
  if (userId === buyerId) return "buyer";
  if (userId === builderId) return "builder";
  return isStaff ? "staff" : undefined;
}
