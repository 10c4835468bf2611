import type { LocalClock } from "../kit/clock.ts";
import type { PersistentState } from "../kit/persistent-state.ts";
import type { StreamType, TwitchStream, TwitchUser, TwitchVideo } from "./records.ts";
import { TwitchError } from "./twitch-error.ts";

/** A Twitch user to add. */
export interface NewUser {
  readonly id: string;
  readonly login: string;
  readonly displayName?: string | undefined;
}

/** Changes to a channel's settings. */
export interface ChannelChanges {
  readonly title?: string | undefined;
  readonly gameName?: string | undefined;
  readonly language?: string | undefined;
}

/** Settings of a new stream; the channel's settings are the defaults. */
export interface NewStream extends ChannelChanges {
  readonly tags?: readonly string[] | undefined;
  readonly viewerCount?: number | undefined;
  /** Contains the placeholders `{width}` and `{height}`. */
  readonly thumbnailUrl?: string | undefined;
  /** "live" by default. */
  readonly type?: StreamType | undefined;
  /** Whether the video is published some time after the end; true by default. */
  readonly keepsVideo?: boolean | undefined;
}

/** Details of a video; the stream's own values are the defaults. */
export interface NewVideo {
  readonly title?: string | undefined;
  readonly durationMs?: number | undefined;
  readonly viewCount?: number | undefined;
}

const FIRST_STREAM_ID = 40_000_000_001;
const FIRST_VIDEO_ID = 2_300_000_001;
const FIRST_GAME_ID = 500_001;

/**
 * The users, streams and videos. Its methods that change something are actions of people on Twitch.
 */
export class Broadcasts {
  #clock: LocalClock;
  #helixLagMs: number;
  #users = new Map<string, TwitchUser>();
  #streams = new Map<string, TwitchStream>();
  #videos: TwitchVideo[] = [];
  #gameIds = new Map<string, string>();

  constructor(clock: LocalClock, helixLagMs: number) {
    this.#clock = clock;
    this.#helixLagMs = helixLagMs;
  }

  /** Adds a user, or renames the one with this id. Throws when another user has the login. */
  addUser({ id, login, displayName = login }: NewUser): TwitchUser {
    const holder = this.#userWith(login);
    if (holder && holder.id !== id) throw new TwitchError(409, `The login ${login} is taken.`);
    const known = this.#users.get(id);
    const user: TwitchUser = {
      id,
      login: login.toLowerCase(),
      displayName,
      createdAtMs: known?.createdAtMs ?? this.#clock.nowMs(),
      channel: known?.channel ?? { title: "", gameName: "", language: "en" },
    };
    this.#users.set(id, user);
    return user;
  }

  persistIn(state: PersistentState): void {
    state.maps("twitch.broadcasts", {
      users: this.#users,
      streams: this.#streams,
      games: this.#gameIds,
    });
    state.list("twitch.videos", this.#videos);
  }

  users(): TwitchUser[] {
    return [...this.#users.values()];
  }

  userById(id: string): TwitchUser | undefined {
    return this.#users.get(id);
  }

  /** Finds a user. Throws when it does not exist. */
  userByLogin(login: string): TwitchUser {
    const user = this.#userWith(login);
    if (!user) throw new TwitchError(404, `There is no user with the login ${login}.`);
    return user;
  }

  /** Starts a stream. Throws when the user is already live. */
  start(login: string, settings: NewStream): TwitchStream {
    const found = this.userByLogin(login);
    if (this.#runningOf(found)) throw new TwitchError(409, `${login} is already live.`);
    const user = this.#setChannel(found, settings);
    const stream: TwitchStream = {
      ...user.channel,
      id: String(FIRST_STREAM_ID + this.#streams.size),
      user,
      type: settings.type ?? "live",
      viewerCount: settings.viewerCount ?? 0,
      tags: settings.tags ?? [],
      thumbnailUrl:
        settings.thumbnailUrl ??
        `https://static-cdn.jtvnw.net/previews-ttv/live_user_${user.login}-{width}x{height}.jpg`,
      startedAtMs: this.#clock.nowMs(),
      keepsVideo: settings.keepsVideo ?? true,
    };
    this.#streams.set(stream.id, stream);
    return stream;
  }

  /** Ends the stream. Throws when the user is not live. */
  end(login: string): TwitchStream {
    const running = this.#runningOf(this.userByLogin(login));
    if (!running) throw new TwitchError(404, `${login} is not live.`);
    const ended = { ...running, endedAtMs: this.#clock.nowMs() };
    this.#streams.set(ended.id, ended);
    return ended;
  }

  /** Changes the settings of the channel and of its current stream. */
  updateChannel(login: string, changes: ChannelChanges): TwitchUser {
    const user = this.#setChannel(this.userByLogin(login), changes);
    const running = this.#runningOf(user);
    if (running) this.#streams.set(running.id, { ...running, ...user.channel, user });
    return user;
  }

  /** Every stream, running or ended, oldest first. */
  streams(): TwitchStream[] {
    return [...this.#streams.values()];
  }

  /** Streams that have ended and whose video is still due. */
  withoutVideo(): TwitchStream[] {
    return [...this.#streams.values()].filter(
      ({ id, endedAtMs, keepsVideo }) =>
        endedAtMs !== undefined && keepsVideo && !this.hasVideo(id),
    );
  }

  /** The streams that Helix shows now, most viewers first. */
  visibleStreams(): TwitchStream[] {
    const seenMs = this.#clock.nowMs() - this.#helixLagMs;
    return [...this.#streams.values()]
      .filter(({ startedAtMs }) => startedAtMs <= seenMs)
      .filter(({ endedAtMs = Number.POSITIVE_INFINITY }) => endedAtMs > seenMs)
      .sort((one, other) => other.viewerCount - one.viewerCount);
  }

  /** Publishes a stream's video. Throws when the stream is unknown or already has one. */
  publishVideo(streamId: string, settings: NewVideo): TwitchVideo {
    const stream = this.#streams.get(streamId);
    if (!stream) throw new TwitchError(404, `There is no stream ${streamId}.`);
    if (this.hasVideo(streamId))
      throw new TwitchError(409, `Stream ${streamId} already has a video.`);
    const id = String(FIRST_VIDEO_ID + this.#videos.length);
    const video: TwitchVideo = {
      id,
      streamId,
      user: stream.user,
      title: settings.title ?? stream.title,
      language: stream.language,
      viewCount: settings.viewCount ?? 0,
      createdAtMs: stream.startedAtMs,
      durationMs:
        settings.durationMs ?? (stream.endedAtMs ?? this.#clock.nowMs()) - stream.startedAtMs,
      url: `https://www.twitch.tv/videos/${id}`,
    };
    this.#videos.push(video);
    return video;
  }

  hasVideo(streamId: string): boolean {
    return this.#videos.some((video) => video.streamId === streamId);
  }

  videos(): readonly TwitchVideo[] {
    return this.#videos;
  }

  /** A category's id, unique per name; empty for no category. */
  gameId(name: string): string {
    if (name === "") return "";
    const id = this.#gameIds.get(name) ?? String(FIRST_GAME_ID + this.#gameIds.size);
    this.#gameIds.set(name, id);
    return id;
  }

  #userWith(login: string): TwitchUser | undefined {
    const lowerCase = login.toLowerCase();
    return this.users().find((user) => user.login === lowerCase);
  }

  #runningOf(user: TwitchUser): TwitchStream | undefined {
    return [...this.#streams.values()].find(
      (stream) => stream.user.id === user.id && stream.endedAtMs === undefined,
    );
  }

  #setChannel(user: TwitchUser, changes: ChannelChanges): TwitchUser {
    const channel = {
      title: changes.title ?? user.channel.title,
      gameName: changes.gameName ?? user.channel.gameName,
      language: changes.language ?? user.channel.language,
    };
    const changed = { ...user, channel };
    this.#users.set(user.id, changed);
    return changed;
  }
}
