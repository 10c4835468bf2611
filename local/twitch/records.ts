/** What EventSub calls a stream's type; Helix knows only live ones and leaves the others' empty. */
export type StreamType = "live" | "playlist" | "watch_party" | "premiere" | "rerun";

/** What a broadcaster has set for the channel; a stream begins with it. */
interface Channel {
  readonly title: string;
  readonly gameName: string;
  readonly language: string;
}

/** Somebody with a Twitch account, and so with a channel. */
export interface TwitchUser {
  /** Digits. */
  readonly id: string;
  /** In lower case. */
  readonly login: string;
  readonly displayName: string;
  readonly createdAtMs: number;
  readonly channel: Channel;
}

/** A broadcast, going on or over. */
export interface TwitchStream extends Channel {
  readonly id: string;
  readonly user: TwitchUser;
  readonly type: StreamType;
  readonly viewerCount: number;
  readonly tags: readonly string[];
  /** With the placeholders `{width}` and `{height}`. */
  readonly thumbnailUrl: string;
  readonly startedAtMs: number;
  readonly endedAtMs?: number;
  /** Whether its video is published by itself once it is over. */
  readonly keepsVideo: boolean;
}

/** The kept video of a stream that is over. */
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
