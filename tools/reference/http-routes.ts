import { readFileSync } from "node:fs";
import * as z from "zod/mini";
import { type InternalRoute, routes } from "../../functions/ingress/internal-api/routes.ts";
import { siteRoutes } from "../../functions/ingress/web/route.ts";
import { type FunctionName, functionNames, manifest } from "../../functions/manifest.ts";
import { page, sentence, table } from "./markdown.ts";

const INTRO = `Every public path leads through Firebase Hosting to a function; \`firebase.json\` has the rewrites. There is nothing
at any other path. Public functions can also be called at their own addresses, where Discord, Stripe and Twitch call
them.`;

const SITE = `## The site

A request with unknown parameters is redirected to the canonical address, so that the CDN's cache cannot be bypassed with
made-up addresses. What is below \`/desk\` and \`/order\`, and everything that does something, is never cached. Forms are
sent as \`application/x-www-form-urlencoded\`, from the site's own pages alone, and are answered with a redirect.`;

const INTERNAL = `## The internal API

For C500's other services, on the function \`internal-api\`. Google checks the caller's identity token; only services
that Terraform names may call. [\`openapi.json\`](openapi.json) describes every request and answer. The input of a
\`POST\` is its JSON body, that of a \`GET\` its query. A refusal answers \`{"error": "…", "code": "…"}\`: a sentence
for people and a code for programs. After a 500 ask again with the same \`Idempotency-Key\`.`;

const hosting = z.object({
  hosting: z.object({
    rewrites: z.array(
      z.object({ source: z.string(), run: z.object({ serviceId: z.enum(functionNames) }) }),
    ),
  }),
});

/** `docs/reference/http-routes.md`. */
export function httpRoutesPage(): string {
  const site = Object.entries(siteRoutes).map(([path, { methods, does }]) => [
    `\`${path}\``,
    methods,
    sentence(does),
  ]);
  return page("HTTP routes", "`firebase.json` and the routers' tables", [
    INTRO,
    "## Webhooks and sign-in",
    table(["path", "function", "does"], rewrites()),
    SITE,
    table(["path", "methods", "what is there"], site),
    INTERNAL,
    ...Array.from(routes.values(), describe).flat(),
  ]);
}

function describe({ method, path, does, key, errors }: InternalRoute): string[] {
  const refusals = Object.entries(errors).map(([code, { status, when }]) => [
    String(status),
    `\`${code}\``,
    sentence(when),
  ]);
  return [
    `### \`${method} ${path}\``,
    key ? `${does}\n\n\`Idempotency-Key\`: ${key.does}` : does,
    table(["status", "code", "when"], refusals),
  ];
}

/** The paths that lead to a function of their own; the last one is for everything else. */
function rewrites(): string[][] {
  const file = new URL("../../firebase.json", import.meta.url);
  const { rewrites: all } = hosting.parse(JSON.parse(readFileSync(file, "utf8"))).hosting;
  return all
    .filter(({ source }) => source !== "**")
    .map(({ source, run }) => [`\`${source}\``, `\`${run.serviceId}\``, doesOf(run.serviceId)]);
}

function doesOf(name: FunctionName): string {
  return manifest[name].does;
}
