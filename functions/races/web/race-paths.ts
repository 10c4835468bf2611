import { readId } from "../../../shared/documents/outside-id.ts";

const POT_KEY = "([\\w-]{1,64})";
const OVERLAY_PATH = new RegExp(`^/overlay/pot/${POT_KEY}$`);
const FEED_PATH = new RegExp(`^/pot/${POT_KEY}\\.json$`);
const RACE_PATH = /^\/race\/([^/]+)$/;

/** The pot's key in a path to an overlay or its feed. */
export const potKeyOf = {
  overlay: (path: string) => OVERLAY_PATH.exec(path)?.[1],
  feed: (path: string) => FEED_PATH.exec(path)?.[1],
};

/** The lobby's id in a path to a race's page. */
export function lobbyIdOf(path: string): string | undefined {
  return readId(RACE_PATH.exec(path)?.[1]);
}

/** The path at which scripts fetch a pot. */
export function potFeedPath(key: string): string {
  return `/pot/${key}.json`;
}
