import type { SessionRecord } from "../actions/sessions/sessions.ts";
import { formatAmount } from "../currencies.ts";
import { actionButton, cardPage, html } from "./html.ts";

/**
 * The bank's page on which the buyer authenticates a payment (3D Secure). It carries what was
 * entered on the payment page.
 */
export function authenticationPage(
  { session }: SessionRecord,
  entered: Readonly<Record<string, unknown>>,
): string {
  const carried = Object.entries(entered).flatMap(([name, value]) =>
    typeof value === "string" && name !== "action"
      ? [html`<input type="hidden" name="${name}" value="${value}">`]
      : [],
  );
  const amount = formatAmount(session.amount_total, session.currency);
  return cardPage(
    "3D Secure",
    html`<p>Your bank asks you to confirm a payment of <strong>${amount}</strong>.</p>
<form method="post">${carried}
${actionButton("authenticate", "Complete authentication", "main")}
${actionButton("fail-authentication", "Fail authentication")}</form>`,
  );
}
