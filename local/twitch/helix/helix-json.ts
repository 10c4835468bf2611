import type { Broadcasts } from "../broadcasts.ts";
import type { TwitchStream, TwitchUser, TwitchVideo } from "../records.ts";

/** A time as Helix and EventSub bodies format it: to the second. */
export function toSecondsText(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19)}Z`;
}

/** https://dev.twitch.tv/docs/api/reference/#get-users */
export function helixUser(user: TwitchUser) {
  return {
    id: user.id,
    login: user.login,
    display_name: user.displayName,
    type: "",
    broadcaster_type: "affiliate",
    description: "",
    profile_image_url: `https://static-cdn.jtvnw.net/jtv_user_pictures/${user.id}-300x300.png`,
    offline_image_url: "",
    view_count: 0,
    created_at: toSecondsText(user.createdAtMs),
  };
}

/** https://dev.twitch.tv/docs/api/reference/#get-streams */
export function helixStream(stream: TwitchStream, broadcasts: Broadcasts) {
  return {
    id: stream.id,
    ...owner(stream.user),
    game_id: broadcasts.gameId(stream.gameName),
    game_name: stream.gameName,
    type: stream.type === "live" ? "live" : "",
    title: stream.title,
    tags: stream.tags,
    viewer_count: stream.viewerCount,
    started_at: toSecondsText(stream.startedAtMs),
    language: stream.language,
    thumbnail_url: stream.thumbnailUrl,
    tag_ids: [],
    is_mature: false,
  };
}

/** https://dev.twitch.tv/docs/api/reference/#get-videos */
export function helixVideo(video: TwitchVideo) {
  return {
    id: video.id,
    stream_id: video.streamId,
    ...owner(video.user),
    title: video.title,
    description: "",
    created_at: toSecondsText(video.createdAtMs),
    published_at: toSecondsText(video.createdAtMs),
    url: video.url,
    thumbnail_url: `https://static-cdn.jtvnw.net/cf_vods/${video.id}/thumb-%{width}x%{height}.jpg`,
    viewable: "public",
    view_count: video.viewCount,
    language: video.language,
    type: "archive",
    duration: durationText(video.durationMs),
    muted_segments: null,
  };
}

function owner(user: TwitchUser) {
  return { user_id: user.id, user_login: user.login, user_name: user.displayName };
}

/** Formats "3m21s"; hours and minutes appear only when they are not zero. */
function durationText(durationMs: number): string {
  const seconds = Math.floor(durationMs / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const long = hours > 0 ? `${hours}h${minutes}m` : minutes > 0 ? `${minutes}m` : "";
  return `${long}${seconds % 60}s`;
}
