import type { SessionRecord } from "../actions/sessions/sessions.ts";
import { formatAmount } from "../currencies.ts";
import type { Session } from "../objects/session-objects.ts";
import { html, type Markup } from "./html.ts";

/** The total with one shipping option. */
interface OptionTotal {
  readonly amount: string;
  readonly shipping: number;
  /** The class of what is shown while the option is chosen. */
  readonly kind: string;
}

/** The total of each shipping option, and the styles that show only the chosen one's. */
export interface OptionTotals {
  readonly styles: string;
  each(written: (total: OptionTotal) => Markup): readonly Markup[];
}

/** The totals of a session by its shipping options, before a tax that follows from the address. */
export function optionTotals(session: Session): OptionTotals {
  const { shipping_options: options, amount_total: total, currency } = session;
  const preselected = session.shipping_cost?.amount_total ?? 0;
  const priced = (shipping: number, index: number): OptionTotal => ({
    amount: formatAmount(total - preselected + shipping, currency),
    shipping,
    kind: `if-${index}`,
  });
  const totals =
    options.length === 0
      ? [priced(preselected, 0)]
      : options.map(({ shipping_amount: amount }, index) =>
          priced(index === 0 ? preselected : amount, index),
        );
  const styles = totals.map(({ kind }, index) => {
    const others = totals.filter((other) => other.kind !== kind);
    const hidden = others.map((other) => `${chosen(index)} .${other.kind}`).join(",");
    return hidden === "" ? "" : `${hidden}{display:none}`;
  });
  return { styles: styles.join("\n"), each: (written) => totals.map(written) };
}

function chosen(index: number): string {
  return `body:has([name=shipping_option][value="${index}"]:checked)`;
}

/** What is paid for and how much it is, beside the form. */
export function orderSummary({ session, lineItems }: SessionRecord, totals: OptionTotals): Markup {
  const { currency, automatic_tax: tax, total_details: details } = session;
  const items = lineItems.map(({ description, quantity, amount_subtotal: amount }) =>
    line(description, amount, currency, quantity > 1 ? `Qty ${quantity}` : undefined),
  );
  const isShipped = session.shipping_options.length > 0 || session.shipping_cost !== null;
  const shipping = totals.each(({ shipping: amount, kind }) =>
    line("Shipping", amount, currency, undefined, kind),
  );
  const taxLine =
    tax.enabled && tax.status !== "complete"
      ? html`<li><span>Tax<small>by your address, added when you pay</small></span></li>`
      : details.amount_tax > 0
        ? line("Tax", details.amount_tax, currency)
        : undefined;
  const discount = details.amount_discount;
  return html`<p class="seller">C500</p>
<h1>Pay C500</h1>
<div class="total" aria-live="polite">${totals.each(({ amount, kind }) => html`<span class="${kind}">${amount}</span>`)}</div>
<ul class="lines">${items}
${line("Subtotal", session.amount_subtotal, currency, undefined, "sum")}
${discount > 0 ? line("Discount", -discount, currency) : undefined}
${isShipped ? shipping : undefined}${taxLine}
${totals.each(
  ({ amount, kind }) =>
    html`<li class="sum ${kind}"><span>Total due</span><span>${amount}</span></li>`,
)}</ul>`;
}

function line(text: string, amount: number, currency: string, beside?: string, kind = ""): Markup {
  const small = beside === undefined ? undefined : html`<small>${beside}</small>`;
  return html`<li class="${kind}"><span>${text}${small}</span><span>${formatAmount(amount, currency)}</span></li>`;
}
