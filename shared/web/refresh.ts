import { html, type SafeHtml } from "@remix-run/html-template";
import type { Page } from "./page.ts";

/** Without a script the browser loads a running auction's page again so often. */
export const REFRESH_SECONDS = 3;

/** What makes a page look again: the browser by itself, or a script. */
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
