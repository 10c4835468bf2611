import type { Stage } from "../../stage.ts";
import type { SentMessage } from "../race/messages.ts";

/** A Twitch channel; its login can change. */
export interface Channel {
  readonly id: string;
  login: string;
}

/** A stream; `endedAtMs` is set once it is over. */
export interface Broadcast {
  readonly id: string;
  readonly channelId: string;
  readonly startedAtMs: number;
  endedAtMs: number | undefined;
}

/** A `/c500 live` that Discord has sent. */
export interface TypedLive {
  readonly id: string;
  readonly builder: string;
  readonly options: Readonly<Record<string, string>>;
}

/** A sign-in link for Twitch and its recipient. */
export interface SignInLink {
  readonly user: string;
  readonly url: string;
  readonly askedAtMs: number;
}

/** A code that a page showed to a channel's owner. */
export interface ShownCode {
  /** The user whose link it was. */
  readonly user: string;
  readonly channelId: string;
  readonly code: string;
  readonly link: SignInLink;
}

/** The people, their actions, and what was last observed of them. */
export interface Air {
  readonly staff: readonly string[];
  /** Those who are builders from the beginning. */
  readonly builders: readonly string[];
  /** People who want to become builders. */
  readonly candidates: readonly string[];
  /** The last one accepts no DMs. */
  readonly buyers: readonly string[];
  readonly guests: readonly string[];
  /** Each builder's drop; its sales are held. */
  readonly drops: readonly string[];
  readonly channels: readonly Channel[];
  readonly broadcasts: Broadcast[];
  readonly typed: TypedLive[];
  readonly links: SignInLink[];
  readonly codes: ShownCode[];
  /** What an attacker was granted, as recorded by an action. */
  readonly breaches: string[];
  /** Everyone's names on Discord. */
  readonly names: ReadonlyMap<string, string>;
  /** Messages that moderators deleted, or tried to, by their ids. */
  readonly deleted: Map<string, { readonly channelId: string; readonly message: SentMessage }>;
  /** Channels in which the bot could not write for a while. */
  readonly refusing: Set<string>;
  /** Users who accepted no DMs for a while. */
  readonly closedDms: Set<string>;
  /** Buttons of observed notices, with their messages. */
  readonly buttons: Map<string, string>;
  /** The pressed button of a notice, by interaction. */
  readonly pressed: Map<string, string>;
  /** Messages that Twitch did not send. */
  readonly forged: Set<string>;
  /** When somebody else's last action concerned a user. */
  readonly actsMs: Map<string, number>;
  readonly seen: Seen;
}

/** What the checks of earlier steps observed. */
export interface Seen {
  readonly proofs: Map<string, string>;
  readonly videoLinks: Map<string, string>;
  readonly goLives: Set<string>;
  readonly statusAtMs: Map<string, number>;
  readonly standings: Map<string, string>;
  readonly deadLetters: Set<string>;
  readonly announcements: Set<string>;
  /** When each user was last approved, by id. */
  readonly approvedAtMs: Map<string, number>;
  /** Users being forgotten, with the time of the latest observation. */
  readonly forgettings: Map<string, number>;
  /** Users that were forgotten, with the time at which that was last seen to be under way. */
  readonly forgotten: Map<string, number>;
  /** Users and channels against which staff had decided when they were forgotten. */
  readonly barred: Set<string>;
  /** Limits that let somebody through without counting, because Redis did not answer in time. */
  readonly uncounted: Set<string>;
}

/** Observations can differ from recorded times by this much: calls take time, and clocks differ. */
export const TOLERANCE_MS = 2 * 60_000;

/** The state that the scenario prepared. */
export function airOf({ memory }: Stage): Air {
  return memory.get("air") as Air;
}

/** Records an action that concerns a user. */
export function recordAct(stage: Stage, user: string): void {
  airOf(stage).actsMs.set(user, stage.cloud.clock.nowMs());
}

/** No observations yet. */
export function nothingSeen(): Seen {
  return {
    proofs: new Map(),
    videoLinks: new Map(),
    goLives: new Set(),
    statusAtMs: new Map(),
    standings: new Map(),
    deadLetters: new Set(),
    announcements: new Set(),
    approvedAtMs: new Map(),
    forgettings: new Map(),
    forgotten: new Map(),
    barred: new Set(),
    uncounted: new Set(),
  };
}

/** The current stream of a channel. */
export function runningOf(stage: Stage, channel: Channel): Broadcast | undefined {
  return airOf(stage).broadcasts.find(
    ({ channelId, endedAtMs }) => channelId === channel.id && endedAtMs === undefined,
  );
}

/** Starts a stream. Throws when one is running. */
export function beginStream(stage: Stage, channel: Channel, title: string): void {
  const keepsVideo = !title.includes("unrecorded");
  const { id, startedAtMs } = stage.twitch.goLive(channel.login, { title, keepsVideo });
  airOf(stage).broadcasts.push({ id, channelId: channel.id, startedAtMs, endedAtMs: undefined });
}

/** Ends a stream. Throws when none is running. */
export function endStream(stage: Stage, channel: Channel): void {
  stage.twitch.endStream(channel.login);
  const running = runningOf(stage, channel);
  if (running) running.endedAtMs = stage.cloud.clock.nowMs();
}
