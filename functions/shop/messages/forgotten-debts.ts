import type { OutgoingMessage } from "../../../shared/clients/discord/outgoing-message.ts";
import { formatMoney } from "../../../shared/money/money.ts";
import type { Owed } from "../domain/forgotten-debt.ts";

/** Notifies someone who comes back after being forgotten of what they owe, or of what is owed to them. */
export function debtFoundNotice({ asRacer, asBuilder }: Owed): OutgoingMessage {
  const all = [...Object.entries(asRacer), ...Object.entries(asBuilder)];
  const owed = all
    .filter(([, amount]) => amount > 0)
    .map(([currency, amount]) => formatMoney(amount, currency));
  const back = all
    .filter(([, amount]) => amount < 0)
    .map(([currency, amount]) => formatMoney(-amount, currency));
  const debt = `you still owe ${owed.join(" + ")}, because sales were refunded or charged back. It is booked to your account again: what you earn next settles it. \`/wallet\` and \`/c500 profile\` show it.`;
  const credit = `${back.join(" + ")} has been returned to you since, and is in your wallet.`;
  const parts = [...(owed.length > 0 ? [debt] : []), ...(back.length > 0 ? [credit] : [])];
  return { content: `Welcome back! When I forgot you I kept only this: ${parts.join(" And ")}` };
}
