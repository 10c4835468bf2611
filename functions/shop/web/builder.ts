import { html, type SafeHtml } from "@remix-run/html-template";
import { TerminalError } from "../../../shared/runtime/errors.ts";
import type { Builder, Builders } from "../../members/store/builders.ts";

/** A valid Twitch name; anything else gets no link. */
const TWITCH_NAME = /^\w{1,25}$/;

/** A builder; undefined if the document is missing or broken, so that a drop is still shown. */
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

/** A builder's public name, which is their Twitch name. */
export function builderName(builder: Builder | undefined): string {
  return builder?.twitchUsername ?? "a C500 builder";
}

/** The address of a builder's channel. */
export function channelUrl(builder: Builder | undefined): string | undefined {
  const name = builder?.twitchUsername;
  return name && TWITCH_NAME.test(name) ? `https://www.twitch.tv/${name}` : undefined;
}

/** A builder's public name, linked to their channel. */
export function builderLink(builder: Builder | undefined): SafeHtml {
  const url = channelUrl(builder);
  const name = html`<bdi>${builderName(builder)}</bdi>`;
  return url ? html`<a href="${url}">${name}</a>` : name;
}

/** The badge of a builder who is live. */
export function liveBadge(): SafeHtml {
  return html`<span class="badge live">Live now</span>`;
}
