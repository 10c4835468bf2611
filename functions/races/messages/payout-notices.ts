import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { colours, fullTime } from "../../../shared/discord/theme.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import { fundsDeadline, type Payout, type TransferRefusal } from "../domain/payout.ts";

/** The public post about a payout. */
export function cashedOut({ racerId, amount, currency }: Payout): OutgoingMessage {
  return {
    content: `💸 <@${racerId}> just cashed out ${formatMoney(amount, currency)}!`,
    pings: { users: [racerId] },
  };
}

/** Sends a racer their code. */
export function payoutCode({ amount, currency, method }: Payout, code: string): OutgoingMessage {
  const what = method === "gift-card" ? "gift card" : "store credit";
  return {
    content: `💸 Here is ${formatMoney(amount, currency)} of your earnings as a ${what}. Your code: ${codeBlock(code)} Keep it to yourself: everyone who has it can spend it.`,
  };
}

/** The code exactly as it was typed. Codes with a backtick, which could end the block, are refused before. */
function codeBlock(code: string): string {
  return `\`\`\`\n${code}\n\`\`\``;
}

/** Notifies the operators that a racer has a payout's money both in their wallet and at Stripe. */
export function paidTwiceNotice(payout: Payout, transferId: string): OutgoingMessage {
  const { id, racerId, amount, currency } = payout;
  return {
    embeds: [
      {
        title: "A payout was made twice",
        color: colours.rose,
        description: `${formatMoney(amount, currency)} of <@${racerId}> (payout \`${id}\`) went back into their wallet, but Stripe also made transfer \`${transferId}\` of it. Reverse that transfer in Stripe's dashboard: the wallet then holds what is theirs.`,
      },
    ],
  };
}

/** The answer to the staff member who made a payout. */
export function payoutAnswer(payout: Payout): OutgoingMessage {
  const { racerId, amount, currency } = payout;
  const money = formatMoney(amount, currency);
  if (payout.state === "open" && payout.fundsTries > 0) {
    return {
      content: `C500 has too little available at Stripe right now, so the ${money} for <@${racerId}> has to wait. I try again every hour. If there is still too little by ${fullTime(fundsDeadline(payout))}, the money goes back into the wallet. Add to the balance in Stripe's dashboard, or pause its payouts to your bank.`,
    };
  }
  if (payout.state === "returned" && payout.refusal === "reversed") {
    return {
      content: `The transfer of ${money} to <@${racerId}> was reversed in Stripe's dashboard, so the money is in the wallet again.`,
    };
  }
  if (payout.state === "returned" && payout.transferId) {
    return {
      content: `${money} for <@${racerId}> went back into the wallet, but Stripe also made the transfer. The operators have been notified and take one of the two back. Don't pay it again.`,
    };
  }
  if (payout.state === "returned") {
    return {
      content: `Stripe refused the transfer, so ${money} went back into the wallet of <@${racerId}>. ${ADVICE[payout.refusal ?? "other"]}`,
    };
  }
  const notPosted = payout.isNotified
    ? ""
    : " I couldn't post in that channel, so please announce it yourself.";
  return { content: `Done: ${money} for <@${racerId}> ${given(payout)}${notPosted}` };
}

/** Notifies the operators, once, of a payout that waits for funds at Stripe. */
export function payoutWaitsNotice(payout: Payout): OutgoingMessage {
  const { racerId, amount, currency } = payout;
  return {
    embeds: [
      {
        title: "A payout waits for funds at Stripe",
        color: colours.rose,
        description: `C500 has less than ${formatMoney(amount, currency)} available at Stripe for the payout of <@${racerId}>. I try again every hour. If there is still too little by ${fullTime(fundsDeadline(payout))}, the money goes back into the wallet. Add to the balance in Stripe's dashboard, or pause its payouts to your bank.`,
      },
    ],
  };
}

/** Notifies a racer of a payout that didn't arrive. */
export function payoutReturnedNotice({ amount, currency, refusal }: Payout): OutgoingMessage {
  const why: Readonly<Record<TransferRefusal, string>> = {
    balance: "The shop couldn't send it in time; the team has been notified and pays you later.",
    account:
      "Your payout account is closed or no longer connected: run `/payouts connect` to open another.",
    other:
      "Stripe couldn't send it to your account: run `/payouts connect` to see what is missing.",
    reversed: "The team has reversed the transfer at Stripe; ask them if that surprises you.",
  };
  return {
    content: `↩️ Your payout of ${formatMoney(amount, currency)} is in your wallet again. ${why[refusal ?? "other"]}`,
  };
}

const ADVICE: Readonly<Record<TransferRefusal, string>> = {
  balance:
    "C500 had too little at Stripe for three days: add to its balance and run `/payout` again, or pick store credit.",
  account:
    "Their account is closed or no longer connected: ask them to run `/payouts connect`, or pick store credit.",
  reversed: "Someone has reversed the transfer in Stripe's dashboard.",
  other:
    "Ask them to run `/payouts connect` to see what is missing, or run `/payout` again with store credit.",
};

function given({ method, codeDelivery }: Payout): string {
  if (method === "stripe") return "is on the way to their Stripe account.";
  const what = method === "gift-card" ? "a gift card" : "store credit";
  if (codeDelivery === "dm") return `as ${what}. They have the code by DM.`;
  if (codeDelivery === "by-hand") {
    return `as ${what}. Their DMs are closed and I have not stored the code: please give it to them yourself.`;
  }
  return `as ${what}. There was no code to send, so give it to them yourself.`;
}
