import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, plain, relativeTime } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import type { AccountState } from "../../../shared/money/seller-account.ts";
import type { TaxNote, TaxStatus } from "../../members/domain/tax.ts";
import { fittingLines } from "./fitting-lines.ts";
import { moneyText } from "./races.ts";

/** What a racer can be paid in one currency. */
export interface Owed {
  readonly racerId: string;
  readonly amount: number;
  readonly currency: string;
  /** The amount is the minimum payout or more. */
  readonly isReached: boolean;
  readonly tax: TaxNote | undefined;
  /** This payout brings them close to the yearly limit, and their form is missing. */
  readonly isTaxDue: boolean;
  readonly requestedAt: Date | undefined;
  /** The state of their connected account, if they have one. */
  readonly account: AccountState | undefined;
}

/** Answers to "Ask for a payout". */
export const requestTexts = {
  tooLittle:
    "You have less available than the minimum payout, so you can't ask for a payout yet. `/wallet` shows when more becomes available.",
  again: "You've already asked today, and you are on the team's list.",
  asked: "Done: I've notified the team. You get a message when they pay you out.",
} as const;

/** Notifies the operators that a racer asks for a payout. */
export function payoutRequestNotice(
  racerId: string,
  payable: readonly { readonly amount: number; readonly currency: string }[],
): OutgoingMessage {
  return {
    embeds: [
      {
        title: "A racer asks for a payout",
        color: colours.gold,
        description: `<@${racerId}> has ${moneyText(payable)} available. Pay them with \`/payout\`; \`/payouts list\` shows everyone who can be paid.`,
      },
    ],
  };
}

const FORMS: Readonly<Record<TaxStatus, string>> = {
  missing: "no tax form",
  "w-9": "W-9",
  "w-8ben": "W-8BEN",
  "not-needed": "no form needed",
};

/** The most lines of the list. */
const MAX_LINES = 30;
const MAX_NOTE = 60;

/**
 * The answer to `/payouts list`. Racers who asked come first, then those who have reached the minimum;
 * larger amounts before smaller ones.
 */
export function payoutList(
  owed: readonly Owed[],
  { isAll }: { readonly isAll: boolean },
): OutgoingMessage {
  const ordered = owed.toSorted(
    (one, other) =>
      Number(other.requestedAt !== undefined) - Number(one.requestedAt !== undefined) ||
      Number(other.isReached) - Number(one.isReached) ||
      other.amount - one.amount,
  );
  const lines = fittingLines(ordered.map(lineOf), MAX_LINES);
  const rest = isAll
    ? []
    : ["There are more racers than I can list: `./dev ops ledger export` has all of them."];
  const nobody = "Nobody has money that could be paid out.";
  return {
    embeds: [
      {
        title: "💸 Who can be paid",
        color: colours.gold,
        description: [...(lines.length > 0 ? lines : [nobody]), ...rest].join("\n"),
        footer: {
          text: "/payout pays a racer; method: can send it to their Stripe account. /payouts tax records a form, /wallet user: shows a wallet.",
        },
      },
    ],
  };
}

function lineOf({ racerId, amount, currency, tax, ...owed }: Owed): string {
  const parts = [
    `<@${racerId}> **${formatMoney(amount, currency)}**`,
    ...(owed.requestedAt ? [`asked ${relativeTime(owed.requestedAt)}`] : []),
    ...(owed.isReached ? [] : ["below the minimum"]),
    methodOf(owed.account),
    owed.isTaxDue ? "⚠️ yearly limit near, get their tax form first" : formOf(tax),
  ];
  return parts.join(" · ");
}

/** How a racer can be paid, besides gift cards. */
function methodOf(account: AccountState | undefined): string {
  if (account === "ACTIVE") return "💳 Stripe";
  return account === undefined ? "store credit" : "store credit, Stripe account not ready";
}

function formOf(tax: TaxNote | undefined): string {
  const note = tax?.note ? ` (${plain(tax.note, MAX_NOTE)})` : "";
  return `${FORMS[tax?.status ?? "missing"]}${note}`;
}

/** The answer to `/payouts tax`: the note that counts, which may be one that was typed later. */
export function taxNotedText(
  racerId: string,
  status: TaxStatus,
  { isOvertaken }: { readonly isOvertaken: boolean },
): string {
  if (!isOvertaken) return `Noted for <@${racerId}>: ${FORMS[status]}.`;
  return `Something else was noted for <@${racerId}> since then, and that counts: ${FORMS[status]}.`;
}

/** Added to the answer to `/payout` if a racer without a tax form comes close to the yearly limit. */
export function taxWarning(racerId: string, paid: number, limit: number, currency: string): string {
  const money = (amount: number) => formatMoney(amount, currency);
  return `⚠️ <@${racerId}> has been paid ${money(paid)} this year. From ${money(limit)} on you need their tax form, and none is recorded. Ask them for it, then record it with \`/payouts tax\`.`;
}
