import { readFileSync } from "node:fs";
import { html } from "@remix-run/html-template";
import { shopRoutes } from "../shops/index.ts";

/** The files whose comments document the control routes of each service. */
const DOCUMENTED_IN = {
  "clock, faults": "control.ts",
  discord: "../discord/control.ts",
  stripe: "../stripe/control.ts",
  twitch: "../twitch/control/control.ts",
  shops: "../shops/control.ts",
} as const;
type Controlled = keyof typeof DOCUMENTED_IN;

/** The comment directly above the function that serves a control. */
const ABOVE_ITS_FUNCTION =
  /\/\*\*\n((?: \*.*\n)+?) \*\/\nexport (?:async )?function (?:startControl|controlRouter)/;

/** The links of the front page. */
export interface FrontPage {
  readonly site: string | undefined;
  /** Base URLs of the controls, without a trailing slash. */
  readonly controls: Readonly<Record<Controlled, string | undefined>>;
  readonly addresses: Readonly<Record<string, string | undefined>>;
}

/** The page at the first URL of `./dev up`: all URLs, and how to control the services. */
export function frontPage({ site, controls, addresses }: FrontPage): string {
  const rows = Object.entries(addresses)
    .filter(([, address]) => address !== undefined)
    .map(
      ([name, address]) => html`<tr><td>${name}</td><td><code>${address ?? ""}</code></td></tr>`,
    );
  const sections = Object.entries(controls)
    .filter(([, base]) => base !== undefined)
    .map(
      ([name, base]) => html`<h2>${name}</h2>
<p><code>${base ?? ""}</code></p>
<pre>${documentationOf(name as Controlled)}</pre>`,
    );
  return String(html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>C500 Live on this machine</title>
<style>body{font:16px/1.5 system-ui;max-width:56rem;margin:2rem auto;padding:0 1rem}pre{white-space:pre-wrap}</style>
<h1>C500 Live on this machine</h1>
<p><a href="${site ?? ""}">The site</a>, with a page for each drop, auction and race. Addresses and keys are in
<code>.local/endpoints.json</code>, log lines in <code>.local/log.jsonl</code>.</p>
<table>${rows}</table>
${sections}
</html>`);
}

/** The text of the comment in the source code. */
function documentationOf(name: Controlled): string {
  const source = readFileSync(new URL(DOCUMENTED_IN[name], import.meta.url), "utf8");
  const [, comment = ""] = ABOVE_ITS_FUNCTION.exec(source) ?? [];
  const words = comment.replace(/^ \* ?/gm, "");
  return name === "shops"
    ? `${words}${shopRoutes()
        .map((route) => `  - ${route}\n`)
        .join("")}`
    : words;
}
