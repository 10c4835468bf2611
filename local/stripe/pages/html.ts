import { STYLE } from "./style.ts";

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Markup that is already escaped. */
export interface Markup {
  readonly markup: string;
}

/** Inserts values into markup: texts are escaped, markup is not, undefined becomes empty. */
export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | Markup | readonly Markup[] | undefined)[]
): Markup {
  return { markup: String.raw({ raw: parts }, ...values.map(toMarkup)) };
}

/** A complete HTML page; `styles` is CSS of this page alone. */
export function htmlPage(title: string, content: Markup, styles = ""): string {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${{ markup: STYLE + styles }}</style>
</head>
<body>
<p class="test-mode"><strong>Simulated Stripe</strong> Test mode: no money moves.</p>
${content}
</body>
</html>`.markup;
}

/** A page with one card in its middle. */
export function cardPage(title: string, content: Markup): string {
  return htmlPage(title, html`<main class="single"><h1>${title}</h1>${content}</main>`);
}

/** A button that submits its form as this action. */
export function actionButton(value: string, label: string, kind = ""): Markup {
  return html`<button name="action" value="${value}" class="${kind}">${label}</button>`;
}

function toMarkup(value: string | Markup | readonly Markup[] | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
  return "markup" in value ? value.markup : value.map(({ markup }) => markup).join("");
}
