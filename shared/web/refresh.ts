import { html, type SafeHtml } from "@remix-run/html-template";
import type { Page } from "./page.ts";

/** Without scripts the browser reloads a running auction's page this often. */
export const REFRESH_SECONDS = 3;

/** Tags that keep a page current: a script, or a reload by the browser. */
export function followTags({ script, refreshSeconds }: Page): SafeHtml {
  const refresh =
    refreshSeconds === undefined
      ? ""
      : html`<meta http-equiv="refresh" content="${refreshSeconds}">`;
  if (script === undefined) return html`${refresh}\n`;
  return html`<script type="module" src="${script}"></script>
<noscript>${refresh}</noscript>
`;
}
