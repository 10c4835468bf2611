import type { Said } from "../race/said.ts";
import type { Stage } from "../stage.ts";

/** A Twitch channel; its login may change. */
export interface Channel {
  readonly id: string;
  login: string;
}

/** A stream that began; `endedAtMs` once it is over. */
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

/** A link to sign in at Twitch, and whom it was given to. */
export interface SignInLink {
  readonly user: string;
  readonly url: string;
  readonly askedAtMs: number;
}

/** A code that a page has shown to a channel's owner. */
export interface ShownCode {
  /** Whose link it was. */
  readonly user: string;
  readonly channelId: string;
  readonly code: string;
  readonly link: SignInLink;
}

/** Who is there, what they have done, and what was last seen of it. */
export interface Air {
  readonly staff: readonly string[];
  /** Builders from the beginning. */
  readonly builders: readonly string[];
  /** They would like to be builders. */
  readonly candidates: readonly string[];
  /** The last takes no DMs. */
  readonly buyers: readonly string[];
  readonly guests: readonly string[];
  /** Each builder's drop, which is sold held. */
  readonly drops: readonly string[];
  readonly channels: readonly Channel[];
  readonly broadcasts: Broadcast[];
  readonly typed: TypedLive[];
  readonly links: SignInLink[];
  readonly codes: ShownCode[];
  /** What an attacker was granted, found by a action. */
  readonly breaches: string[];
  /** Everyone's names at Discord. */
  readonly names: ReadonlyMap<string, string>;
  /** What moderators have deleted. */
  readonly deleted: { readonly channelId: string; readonly message: Said }[];
  /** Channels in which we could not write for a while. */
  readonly refusing: Set<string>;
  /** Who took no DMs for a while. */
  readonly closedDms: Set<string>;
  /** Buttons of notices that were seen, with their messages. */
  readonly buttons: Map<string, string>;
  /** Which button of a notice was pressed, by the interaction. */
  readonly pressed: Map<string, string>;
  /** Messages that are none of Twitch's. */
  readonly forged: Set<string>;
  /** When something was last done about someone, other than by their own commands. */
  readonly actsMs: Map<string, number>;
  readonly seen: Seen;
}

/** What the checks have seen after the steps before. */
export interface Seen {
  readonly proofs: Map<string, string>;
  readonly videoLinks: Map<string, string>;
  readonly goLives: Set<string>;
  readonly statusAtMs: Map<string, number>;
  readonly standings: Map<string, string>;
  readonly deadLetters: Set<string>;
  readonly announcements: Set<string>;
  /** When someone was approved last, by their ids. */
  readonly approvedAtMs: Map<string, number>;
  /** Who is being forgotten, with the moment at which that was seen first. */
  readonly forgettings: Map<string, number>;
  /** Who was forgotten, with the moment at which that was seen. */
  readonly forgotten: Map<string, number>;
  /** Whom, and whose channel, staff had decided against when they were forgotten. */
  readonly barred: Set<string>;
}

/** Something is seen this much later or earlier than it is recorded: calls take time, and clocks differ. */
export const TOLERANCE_MS = 2 * 60_000;

/** What the scenario has prepared. */
export function airOf({ memory }: Stage): Air {
  return memory.get("air") as Air;
}

/** Something is done about someone now. */
export function noteAct(stage: Stage, user: string): void {
  airOf(stage).actsMs.set(user, stage.cloud.clock.nowMs());
}

/** Nothing seen yet. */
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
  };
}

/** The stream of a channel that goes on now. */
export function runningOf(stage: Stage, channel: Channel): Broadcast | undefined {
  return airOf(stage).broadcasts.find(
    ({ channelId, endedAtMs }) => channelId === channel.id && endedAtMs === undefined,
  );
}

/** Somebody begins to stream; throws when they do already. */
export function beginStream(stage: Stage, channel: Channel, title: string): void {
  const keepsVideo = !title.includes("unrecorded");
  const { id, startedAtMs } = stage.twitch.goLive(channel.login, { title, keepsVideo });
  airOf(stage).broadcasts.push({ id, channelId: channel.id, startedAtMs, endedAtMs: undefined });
}

/** Somebody ends their stream; throws when there is none. */
export function endStream(stage: Stage, channel: Channel): void {
  stage.twitch.endStream(channel.login);
  const running = runningOf(stage, channel);
  if (running) running.endedAtMs = stage.cloud.clock.nowMs();
}
