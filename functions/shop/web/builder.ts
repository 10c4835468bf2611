import { html, type SafeHtml } from "@remix-run/html-template";
import { TerminalError } from "../../../shared/runtime/errors.ts";
import type { Builder, Builders } from "../../members/store/builders.ts";

/** A name as Twitch gives them out; anything else gets no link. */
const TWITCH_NAME = /^\w{1,25}$/;

/** A builder, or nothing where the document is missing or broken: a drop is shown without. */
export async function findBuilder(
  builders: Pick<Builders, "get">,
  id: string,
): Promise<Builder | undefined> {
  try {
    return await builders.get(id);
  } catch (error) {
    if (error instanceof TerminalError) return undefined;
    throw error;
  }
}

/** What a builder is called in public: their Twitch name. */
export function builderName(builder: Builder | undefined): string {
  return builder?.twitchUsername ?? "a C500 builder";
}

/** Where a builder streams. */
export function channelUrl(builder: Builder | undefined): string | undefined {
  const name = builder?.twitchUsername;
  return name && TWITCH_NAME.test(name) ? `https://www.twitch.tv/${name}` : undefined;
}

/** A builder's public name, with a link to where they stream. */
export function builderLink(builder: Builder | undefined): SafeHtml {
  const url = channelUrl(builder);
  const name = html`<bdi>${builderName(builder)}</bdi>`;
  return url ? html`<a href="${url}">${name}</a>` : name;
}

/** The sign that a stream is on. */
export function liveBadge(): SafeHtml {
  return html`<span class="badge live">Live now</span>`;
}
