import { html } from "@remix-run/html-template";
import type { Deps } from "../../shared/runtime/deps.ts";
import type { FunctionHandler } from "../../shared/runtime/http.ts";

type WebDeps = Pick<Deps, "builders" | "drops">;

/** The public site, C500.store. */
export const handler: FunctionHandler<WebDeps> = (deps) => async (_request, response) => {
  const [live, drops] = await Promise.all([deps.builders.live(), deps.drops.open()]);
  const page = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>C500</title></head><body>
<h1>Live now</h1><ul>${live.map(({ twitchUsername }) => html`<li>${twitchUsername}</li>`)}</ul>
<h1>Open drops</h1><ul>${drops.map(({ title }) => html`<li>${title}</li>`)}</ul>
</body></html>`;
  response.type("html").send(String(page));
};
