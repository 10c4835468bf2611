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

/** A complete HTML page. */
export function htmlPage(title: string, content: Markup): string {
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${title}</title>
<style>body{font:1rem/1.5 system-ui;max-width:30rem;margin:3rem auto;padding:0 1rem}
button{font:inherit;margin:.25rem .5rem .25rem 0;padding:.4rem .8rem}</style>
<h1>${title}</h1>
${content}
</html>`.markup;
}

/** A form that posts to the page itself, with one button per action below its fields. */
export function buttons(
  choices: readonly (readonly [value: string, label: string])[],
  fields?: Markup,
): Markup {
  const all = choices.map(
    ([value, label]) => html`<button name="action" value="${value}">${label}</button>`,
  );
  return html`<form method="post">${fields}${all}</form>`;
}

function toMarkup(value: string | Markup | readonly Markup[] | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value.replace(/[&<>"']/g, (sign) => ENTITIES[sign] ?? sign);
  return "markup" in value ? value.markup : value.map(({ markup }) => markup).join("");
}
