import type { Button, OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { plain } from "../../../shared/discord/theme.ts";
import { type AccountState, inPlainWords } from "../../../shared/money/seller-account.ts";
import type { SellerAccount } from "../store/seller-accounts.ts";

/** The words that differ between a builder's account and a racer's. */
export interface AccountWords {
  /** The command that connects the account. */
  readonly command: string;
  /** The people who are paid, as in "I can't pay builders in Norway". */
  readonly people: string;
  /** What a ready account allows. */
  readonly use: string;
}

/** Builders are paid for what they sell. */
export const builderAccount: AccountWords = {
  command: "/c500 payouts",
  people: "builders",
  use: "what you sell reaches your bank",
};

/** Racers are paid what they earn in races. */
export const racerAccountWords: AccountWords = {
  command: "/payouts connect",
  people: "racers",
  use: "the team can send what you earn in races to your bank",
};

/** The answer to the command that connects an account. */
export function accountAnswer(
  account: SellerAccount,
  words: AccountWords,
  { url, isDashboard, note }: { url: string; isDashboard: boolean; note?: string | undefined },
): OutgoingMessage {
  const button: Button = { label: isDashboard ? "Open your payouts" : "Continue at Stripe", url };
  return {
    content: [accountText(account, words), note].filter((text) => text !== undefined).join("\n"),
    buttons: [button],
  };
}

/** The answer when the account is closed. */
export function accountRejectedText({ command }: AccountWords): string {
  return `Your payout account is closed: Stripe ended it, or you disconnected it. To connect another one, run \`${command} country:\` with your country. What you earned waits for you. If Stripe refuses again, write to the team.`;
}

/** Answers about the country of an account, and why none can be opened. */
export const payoutCountryTexts = {
  missing: ({ command }: AccountWords) =>
    `Which country do you live in, or is your business registered in? Run \`${command}\` again and pick it under \`country\`. Choose with care: Stripe fixes it once you've filled in its form.`,
  unknown: ({ command }: AccountWords, typed: string) =>
    `Stripe opens no payout accounts in "${plain(typed, 60)}", or I don't know that name. Run \`${command}\` again and pick a country from the list under \`country\`.`,
  outOfReach: ({ command, people }: AccountWords, country: string, payable: readonly string[]) =>
    `I can't pay ${people} in ${country}: Stripe lets this shop pay only ${payable.join(", ")}. If you have a business or bank account in one of those, run \`${command}\` again with that country.`,
  refused: ({ command }: AccountWords, country: string) =>
    `Stripe won't open a payout account in ${country} for this shop right now. That isn't your doing: the team has been notified and has to settle it with Stripe. Run \`${command}\` again later.`,
  fixed: (country: string) =>
    `Your payout account stays in ${country}: Stripe doesn't change an account's country once its form is filled in. If that is wrong, write to the team.`,
} as const;

/** The answer to a racer who connects an account before there is anything to pay. */
export const nothingEarnedText =
  "You haven't earned anything in a race yet, so there is nothing to pay out. Join a lobby first: every sale during a race is shared. Then run `/payouts connect` again.";

/** Notifies someone that the state of their account has changed. */
export function accountChanged(account: SellerAccount, words: AccountWords): OutgoingMessage {
  return { content: accountText(account, words) };
}

/** The state of an account and what Stripe still needs. */
export function accountText(account: SellerAccount, words: AccountWords): string {
  return `${stateText(account.state, words)}${missingText(account)}`;
}

function stateText(state: AccountState, { command, use }: AccountWords): string {
  const texts: Readonly<Record<AccountState, string>> = {
    PENDING: "Your payout account isn't finished yet.",
    ACTIVE: `✅ Your payout account is ready: ${use}.`,
    RESTRICTED: "⚠️ Stripe needs more information before it can pay you.",
    REJECTED: `🚫 Your payout account is closed, so you can't be paid. Run \`${command}\` to see what you can do.`,
  };
  return texts[state];
}

function missingText({ state, missing }: SellerAccount): string {
  if (state === "ACTIVE" || state === "REJECTED") return "";
  if (missing.length === 0) {
    return state === "PENDING"
      ? " Open the link and finish the form; it takes about five minutes."
      : "";
  }
  return ` Still missing: ${inPlainWords(missing)
    .map((words) => plain(words, 80))
    .join(", ")}.`;
}
