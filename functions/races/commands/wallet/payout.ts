import type { OutgoingMessage } from "../../../../shared/clients/discord/outgoing-message.ts";
import { action, type CommandUse } from "../../../../shared/discord/definitions/command-action.ts";
import {
  defineCommand,
  MAX_MONEY_COMMAND_AGE_MS,
  moneyDeadline,
  type ValuesOf,
} from "../../../../shared/discord/definitions/define-command.ts";
import { choice, flag, text, user } from "../../../../shared/discord/definitions/options.ts";
import { snowflakeTimeMs } from "../../../../shared/discord/snowflake.ts";
import { racerAccount } from "../../../../shared/money/ledger.ts";
import { isCurrency, parseAmount, parseDecimal } from "../../../../shared/money/money.ts";
import { supersededText } from "../../../../shared/money/money-command-texts.ts";
import { isNearLimit, startOfTaxYear } from "../../../members/domain/tax.ts";
import { tooOldText } from "../../../members/messages/access.ts";
import { bookForgottenDebts } from "../../../shop/money/returning.ts";
import {
  leastPayout,
  type Payout,
  type PayoutMethod,
  type PayoutOrder,
} from "../../domain/payout.ts";
import { payoutAnswer } from "../../messages/payout-notices.ts";
import {
  badAmountText,
  justPaidText,
  leftOverText,
  noAccountText,
  notAllText,
  notAvailableText,
  payoutRefusalTexts,
  tooLittleText,
} from "../../messages/payout-refusals.ts";
import { taxWarning } from "../../messages/payouts.ts";
import type { PayoutRefusal } from "../../store/payouts/begin-payout.ts";
import { finishPayout } from "../../wallet/finish-payout.ts";
import { payoutAccountOf } from "../../wallet/payout-account.ts";
import type { WalletDeps } from "../../wallet/wallet-deps.ts";

/** What the team may pay by, as people see it. */
const methods = {
  "store-credit": "store credit",
  "gift-card": "gift card",
  stripe: "to their Stripe account",
} as const satisfies Record<PayoutMethod, string>;
const DEFAULT_METHOD = "store-credit";

/** `/payout`. */
export const payoutCommand = defineCommand({
  words: "payout",
  description: "Give a racer their money; for the team",
  options: {
    user: user("Who is paid", { required: true }),
    amount: text("How much, such as $50.00; may be left out for someone who leaves", {
      maxLength: 20,
    }),
    method: choice(`How they get it; ${methods[DEFAULT_METHOD]} by default`, { choices: methods }),
    code: text("The code of the credit or card; I send it to them by DM", { maxLength: 200 }),
    currency: text("Which of their balances, such as EUR; the shop's currency by default", {
      maxLength: 3,
    }),
    leaver: flag("They leave: pay everything available, even below the minimum payout"),
  },
  who: "staff",
  maxAgeMs: MAX_MONEY_COMMAND_AGE_MS,
  answeredBy: "wallet",
});

type PayoutOptions = ValuesOf<typeof payoutCommand>;

/**
 * Pays a racer out, for staff. The money leaves the wallet first, once by the command's id; then the racer gets
 * it, and notifies everyone. A repeat goes on where the last one died and says the same; one that was
 * refused stays refused, by what the command says or by what was recorded. Someone who leaves gets all
 * that is available, also below the minimum payout, and the staff member reads what is left.
 */
export const payingOut = /* @__PURE__ */ action(payoutCommand, {
  run: payOut,
  isBegun: async ({ id }, _values, { payouts }: Pick<WalletDeps, "payouts">) =>
    (await payouts.get(id)) !== undefined,
});

async function payOut(
  use: CommandUse,
  options: PayoutOptions,
  deps: WalletDeps,
): Promise<OutgoingMessage> {
  const before = await deps.payouts.get(use.id);
  if (before) return answerOf(before, options, deps);
  const order = await orderOf(use, options, deps);
  if (typeof order === "string") return { content: order };
  const { config, payouts, clock } = deps;
  const { racerId, currency } = order;
  await bookForgottenDebts(racerId, use.id, deps);
  const least = leastPayout(config.PAYOUT_THRESHOLD, currency);
  const decision = await payouts.begin(order, {
    least,
    deadline: moneyDeadline(use.id),
    now: () => clock.now(),
  });
  switch (decision.outcome) {
    case "too-little":
      return { content: tooLittleText(least, currency) };
    case "too-much": {
      const left = options.leaver ? await leftOver(racerId, deps) : undefined;
      const text = notAvailableText(racerId, decision.available, currency);
      return { content: decision.available > 0 || !left ? text : `${text} ${left}` };
    }
    case "not-all":
      return { content: notAllText(racerId, decision.available, currency) };
    case "no-account":
      return { content: noAccountText(racerId) };
    case "just-paid":
      return { content: justPaidText(timeOf(decision)) };
    case "superseded":
      return { content: supersededText(timeOf(decision)) };
    case "too-late":
      return { content: tooOldText(use.command, true) };
    case "booked":
      return answerOf(decision.payout, options, deps);
  }
}

/** When the other command was typed. */
function timeOf({ otherId }: PayoutRefusal): Date | undefined {
  return otherId === undefined ? undefined : new Date(snowflakeTimeMs(otherId));
}

/** Finishes a payout and says so; of someone who leaves also what they still have. */
async function answerOf(
  payout: Payout,
  { leaver }: PayoutOptions,
  deps: WalletDeps,
): Promise<OutgoingMessage> {
  const answer = payoutAnswer(await finishPayout(payout, deps));
  const left = leaver ? await leftOver(payout.racerId, deps) : undefined;
  const parts = [answer.content, left, await taxWarningOf(payout, deps)];
  return { ...answer, content: parts.filter((part) => part !== undefined).join(" ") };
}

async function leftOver(racerId: string, { ledger, clock }: WalletDeps) {
  return leftOverText(await ledger.balances(racerAccount(racerId), clock.now()));
}

/** Whether someone whose tax form is missing comes close to the yearly limit. */
async function taxWarningOf(
  { racerId, currency, state, createdAt }: Payout,
  { payouts, wallets, config }: WalletDeps,
): Promise<string | undefined> {
  const limit = config.TAX_YEARLY_LIMIT.get(currency) ?? 0;
  if (state === "returned" || limit === 0) return undefined;
  const { tax } = await wallets.get(racerId);
  if (tax && tax.status !== "missing") return undefined;
  const paid = await payouts.paidSince(racerId, currency, startOfTaxYear(createdAt));
  return isNearLimit(paid, limit) ? taxWarning(racerId, paid, limit, currency) : undefined;
}

/** What was asked for, or what is wrong with the command itself: a repeat of it says the same. */
async function orderOf(
  { id, userId, channelId }: CommandUse,
  options: PayoutOptions,
  { config, ...deps }: Pick<WalletDeps, "builders" | "wallets" | "config">,
): Promise<PayoutOrder | string> {
  const { user: racerId, method = DEFAULT_METHOD } = options;
  const currency = (options.currency ?? config.SHOP_CURRENCY).trim().toLowerCase();
  if (!isCurrency(currency)) return payoutRefusalTexts.badCurrency;
  const typed = options.amount?.trim() ?? "";
  const isLeaver = options.leaver === true;
  const amount = parseAmount(typed, currency) ?? parseDecimal(typed, currency);
  if (!typed && !isLeaver) return payoutRefusalTexts.noAmount;
  if (typed && !amount) return badAmountText(currency);
  const code = options.code?.trim() || undefined;
  if (method === "stripe" && code) return payoutRefusalTexts.codeForStripe;
  if (code?.includes("`")) return payoutRefusalTexts.badCode;
  if (code && !typed) return payoutRefusalTexts.codeWithoutAmount;
  const account = method === "stripe" ? await payoutAccountOf(racerId, deps) : undefined;
  const accountId = account?.state === "ACTIVE" ? account.id : undefined;
  const people = { racerId, staffId: userId, channelId };
  return { id, ...people, amount, isLeaver, currency, method, accountId, code };
}
