/**
 * A stream's type in EventSub. Helix reports only live streams as such and leaves other types
 * empty.
 */
export type StreamType = "live" | "playlist" | "watch_party" | "premiere" | "rerun";

/** A broadcaster's channel settings, the defaults of a new stream. */
interface Channel {
  readonly title: string;
  readonly gameName: string;
  readonly language: string;
}

/** A Twitch user, who also has a channel. */
export interface TwitchUser {
  /** Digits. */
  readonly id: string;
  /** In lower case. */
  readonly login: string;
  readonly displayName: string;
  readonly createdAtMs: number;
  readonly channel: Channel;
}

/** A broadcast, running or ended. */
export interface TwitchStream extends Channel {
  readonly id: string;
  readonly user: TwitchUser;
  readonly type: StreamType;
  readonly viewerCount: number;
  readonly tags: readonly string[];
  /** Contains the placeholders `{width}` and `{height}`. */
  readonly thumbnailUrl: string;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  /** Whether its video is published after the end. */
  readonly keepsVideo: boolean;
}

/** The published video of an ended stream. */
export interface TwitchVideo {
  readonly id: string;
  readonly streamId: string;
  readonly user: TwitchUser;
  readonly title: string;
  readonly language: string;
  readonly viewCount: number;
  /** When the stream began. */
  readonly createdAtMs: number;
  readonly durationMs: number;
  readonly url: string;
}
