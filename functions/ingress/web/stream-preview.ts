import type { Response } from "@google-cloud/functions-framework";
import { isPictureType } from "../../../shared/web/picture.ts";
import { channelUrl } from "../../shop/web/builder.ts";
import type { WebDeps } from "./deps.ts";

/** Twice the size of a card's picture, and Twitch's own proportion. */
export const PREVIEW_SIZE = { width: 640, height: 360 } as const;
/** Shown while Twitch has no picture of a stream, as in its first minutes. */
const NONE_YET = "/pictures/stream.svg";
const TIMEOUT_MS = 3000;
/** Twitch makes a new picture every few minutes. */
const CACHE_CONTROL = "public, max-age=60, s-maxage=60";
const NONE_YET_CACHE_CONTROL = "public, max-age=15, s-maxage=15";

const PATH = /^\/live\/(\w{1,25})\/preview$/;

/** The channel in the path of a stream's picture. */
export function previewedChannel(path: string): string | undefined {
  return PATH.exec(path)?.[1];
}

/** The path of a live stream's picture. */
export function previewPath(channel: string): string {
  return `/live/${channel}/preview`;
}

/**
 * Sends the picture of a builder's live stream, or leads to one that says that it begins. Twitch redirects to a
 * placeholder while there is none. https://dev.twitch.tv/docs/api/reference/#get-streams (`thumbnail_url`)
 */
export async function sendStreamPreview(
  channel: string,
  response: Response,
  { builders, config, log }: Pick<WebDeps, "builders" | "config" | "log">,
): Promise<void> {
  const live = await builders.live();
  const isLive = live.some(
    (builder) => channelUrl(builder) !== undefined && builder.twitchUsername === channel,
  );
  response.set("x-content-type-options", "nosniff");
  if (!isLive) {
    response.status(404).set("cache-control", NONE_YET_CACHE_CONTROL).end();
    return;
  }
  const { width, height } = PREVIEW_SIZE;
  const name = `live_user_${channel.toLowerCase()}-${width}x${height}.jpg`;
  const picture = await fetchPreview(`${config.TWITCH_PREVIEWS_BASE_URL}/${name}`).catch(
    (error) => {
      log.warn("A stream's picture could not be read", { channel, error: String(error) });
    },
  );
  if (!picture) {
    response.set("cache-control", NONE_YET_CACHE_CONTROL).redirect(302, NONE_YET);
    return;
  }
  response.set("cache-control", CACHE_CONTROL).type(picture.type).send(picture.bytes);
}

async function fetchPreview(url: string) {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await fetch(url, { signal, redirect: "manual" });
  const type = answer.headers.get("content-type")?.split(";")[0] ?? "";
  if (answer.status !== 200 || !isPictureType(type)) {
    await answer.body?.cancel();
    return undefined;
  }
  return { type, bytes: Buffer.from(await answer.arrayBuffer()) };
}
