import type { LocalClock } from "../../kit/clock.ts";
import { Timers } from "../../kit/timers.ts";
import type { Broadcasts, ChannelChanges, NewStream, NewUser, NewVideo } from "../broadcasts.ts";
import type { EventLog } from "../event-log.ts";
import type { EventSub } from "../eventsub/event-sub.ts";
import { toSecondsText } from "../helix/helix-json.ts";
import type { TwitchStream, TwitchUser, TwitchVideo } from "../records.ts";

/** What the actions work on. */
export interface ActionsContext {
  readonly clock: LocalClock;
  readonly broadcasts: Broadcasts;
  readonly eventSub: EventSub;
  readonly log: EventLog;
  /** How long after a stream's end its video is published. */
  readonly videoDelayMs: number;
}

/** Actions of people on Twitch, including the events they cause. */
export class Actions {
  #context: ActionsContext;
  #timers: Timers;

  constructor(context: ActionsContext) {
    this.#context = context;
    this.#timers = new Timers(context.clock);
  }

  addUser(user: NewUser): TwitchUser {
    const added = this.#context.broadcasts.addUser(user);
    this.#context.log.touch();
    return added;
  }

  goLive(login: string, settings: NewStream = {}): TwitchStream {
    const { broadcasts, eventSub, log } = this.#context;
    const stream = broadcasts.start(login, settings);
    log.add({ kind: "stream-started", login: stream.user.login, streamId: stream.id });
    eventSub.notify("stream.online", stream.user.id, {
      id: stream.id,
      ...broadcaster(stream.user),
      type: stream.type,
      started_at: toSecondsText(stream.startedAtMs),
    });
    return stream;
  }

  endStream(login: string): TwitchStream {
    const { broadcasts, eventSub, log } = this.#context;
    const stream = broadcasts.end(login);
    log.add({ kind: "stream-ended", login: stream.user.login, streamId: stream.id });
    eventSub.notify("stream.offline", stream.user.id, {
      id: stream.id,
      ...broadcaster(stream.user),
    });
    if (stream.keepsVideo && !broadcasts.hasVideo(stream.id)) this.#publishLater(stream.id);
    return stream;
  }

  /** Schedules the videos that were still due when an earlier run ended, after the full delay. */
  resume(): void {
    for (const { id } of this.#context.broadcasts.withoutVideo()) this.#publishLater(id);
  }

  #publishLater(streamId: string): void {
    const { broadcasts, videoDelayMs } = this.#context;
    const publish = () => {
      if (!broadcasts.hasVideo(streamId)) this.publishVideo(streamId);
    };
    const due = { service: "Twitch", what: "publishes a stream's video", about: streamId };
    this.#timers.after(videoDelayMs, publish, () =>
      broadcasts.hasVideo(streamId) ? undefined : due,
    );
  }

  updateChannel(login: string, changes: ChannelChanges): TwitchUser {
    const { broadcasts, eventSub, log } = this.#context;
    const user = broadcasts.updateChannel(login, changes);
    log.add({ kind: "channel-updated", login: user.login });
    eventSub.notify("channel.update", user.id, {
      ...broadcaster(user),
      title: user.channel.title,
      language: user.channel.language,
      category_id: broadcasts.gameId(user.channel.gameName),
      category_name: user.channel.gameName,
      content_classification_labels: [],
    });
    return user;
  }

  publishVideo(streamId: string, settings: NewVideo = {}): TwitchVideo {
    const { broadcasts, log } = this.#context;
    const video = broadcasts.publishVideo(streamId, settings);
    log.add({ kind: "video-published", login: video.user.login, streamId, url: video.url });
    return video;
  }

  stop(): void {
    this.#timers.stop();
  }
}

function broadcaster(user: TwitchUser) {
  return {
    broadcaster_user_id: user.id,
    broadcaster_user_login: user.login,
    broadcaster_user_name: user.displayName,
  };
}
