import { html } from "@remix-run/html-template";
import { notFoundPage } from "../../../shared/web/notices.ts";
import type { Page } from "../../../shared/web/page.ts";
import { stateAt } from "../domain/race.ts";
import { isShopWord, shopLinkOf } from "../domain/shop-link.ts";
import { headlineOf, type RaceDeps, raceName } from "./race-facts.ts";

const SHOP_PATH = /^\/buy\/([^/]+)$/;

/** The shop's word in a path to a race's shop. People copy it from a stream, so capitals make no difference. */
export function shopWordOf(path: string): string | undefined {
  const word = SHOP_PATH.exec(path)?.[1]?.toLowerCase();
  return word !== undefined && isShopWord(word) ? word : undefined;
}

/** The page where a race's viewers go to buy: it links to the shop and names the race for it. */
export async function shopPage(word: string, deps: RaceDeps): Promise<Page> {
  const lobby = await deps.lobbies.ofWord(word);
  const link = lobby && shopLinkOf(lobby);
  if (!lobby || !link) return notFoundPage("No race has this address. Check the stream once more.");
  const state = stateAt(lobby, deps.clock.now());
  const isOpen = state === "racing";
  return {
    status: 200,
    title: `${raceName(lobby)} · Shop`,
    caching: isOpen || state === "open" ? "bidding" : "ended",
    body: html`<section class="card notice ${isOpen ? "good" : "waiting"}"><h1>Buy for <bdi>${raceName(lobby)}</bdi></h1>
<p>${headlineOf(state)}. ${isOpen ? "A part of what you buy now goes to its racers." : "What you buy now does not count for this race."}</p>
${link.message === undefined ? "" : html`<p>Write <strong>${link.message}</strong> in the message of your payment so that it counts for this race.</p>`}
<p><a class="button" href="${link.url}" rel="noopener">To the shop</a></p>
<p><a href="/race/${lobby.id}">Watch the race</a></p></section>`,
  };
}
