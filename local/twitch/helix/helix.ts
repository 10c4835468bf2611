import express, { type Router } from "express";
import type { Broadcasts } from "../broadcasts.ts";
import type { TwitchVideo } from "../records.ts";
import { TwitchError } from "../twitch-error.ts";
import { helixStream, helixUser, helixVideo } from "./helix-json.ts";
import { MAX_IDENTIFIERS, Query } from "./query.ts";

/** Helix's users, streams and videos: https://dev.twitch.tv/docs/api/reference/ */
export function broadcastsRouter(broadcasts: Broadcasts): Router {
  const router = express.Router();

  router.get("/users", (request, response) => {
    const query = new Query(request);
    const ids = query.ids("id");
    const logins = query.logins("login");
    // A user token defaults to its own user.
    const self = response.locals["userId"] as string | undefined;
    if (ids.length + logins.length === 0 && self !== undefined) ids.push(self);
    const asked = ids.length + logins.length;
    if (asked === 0 || asked > MAX_IDENTIFIERS) {
      throw new TwitchError(400, "Give from 1 to 100 of the parameters id and login.");
    }
    const users = broadcasts
      .users()
      .filter((user) => ids.includes(user.id) || logins.includes(user.login));
    response.json({ data: users.map(helixUser) });
  });

  router.get("/streams", (request, response) => {
    const query = new Query(request);
    const ids = query.ids("user_id");
    const logins = query.logins("user_login");
    const games = query.ids("game_id");
    const everyone = ids.length + logins.length === 0;
    const type = query.choice("type", ["all", "live"]);
    const language = query.one("language");
    const streams = broadcasts
      .visibleStreams()
      .filter(({ user }) => everyone || ids.includes(user.id) || logins.includes(user.login))
      .filter((stream) => type === "all" || stream.type === "live")
      .filter((stream) => language === undefined || stream.language === language)
      .map((stream) => helixStream(stream, broadcasts))
      .filter((stream) => games.length === 0 || games.includes(stream.game_id));
    response.json(query.page(streams));
  });

  router.get("/videos", (request, response) => {
    const query = new Query(request);
    const ids = query.ids("id");
    const userIds = query.ids("user_id");
    const selectors = ["id", "user_id", "game_id"].filter((name) => query.has(name));
    if (selectors.length !== 1 || userIds.length > 1) {
      throw new TwitchError(400, "Give either id, one user_id or one game_id.");
    }
    const type = query.choice("type", ["all", "upload", "archive", "highlight"]);
    const sort = query.choice("sort", ["time", "trending", "views"]);
    const language = query.one("language");
    const videos = broadcasts
      .videos()
      .filter((video) => ids.includes(video.id) || userIds.includes(video.user.id))
      .filter(() => type === "all" || type === "archive")
      .filter((video) => language === undefined || video.language === language)
      .sort(sort === "time" ? newestFirst : mostSeenFirst);
    if (ids.length > 0 && videos.length === 0) throw new TwitchError(404, "No such video.");
    response.json(query.page(videos.map(helixVideo)));
  });

  return router;
}

function newestFirst(one: TwitchVideo, other: TwitchVideo): number {
  return other.createdAtMs - one.createdAtMs;
}

function mostSeenFirst(one: TwitchVideo, other: TwitchVideo): number {
  return other.viewCount - one.viewCount;
}
