import { community } from "../cloud/community.ts";
import type { DiscordEvent } from "../discord/state/event-log.ts";
import { environment } from "../kit/environment.ts";
import type { TwitchEvent } from "../twitch/event-log.ts";
import { NEWS_CHANNEL_ID, people, type Stage, viewerName } from "./cast.ts";

const WIDTH = 100;
const INDENT = "             ";
const hasColours = process.stdout.isTTY === true && environment.NO_COLOR === undefined;

const paint = (code: number) => (text: string) =>
  hasColours ? `\u001b[${code}m${text}\u001b[0m` : text;
const bold = paint(1);
const dim = paint(2);
const green = paint(32);
const red = paint(31);

const channelNames: Readonly<Record<string, string>> = {
  [community.generalChannelId]: "#general",
  [community.marketplaceChannelId]: "#marketplace",
  [community.ordersChannelId]: "#orders",
  [community.operatorsChannelId]: "#operators",
  [community.racesChannelId]: "#races",
  [NEWS_CHANNEL_ID]: "#news",
};

/** Prints events as they happen, for people who see the product for the first time. */
export class Timeline {
  readonly #stage: Stage;
  readonly #print: (line: string) => void;
  readonly #startMs: number;
  #discordSeen = 0;
  #twitchSeen = 0;
  /** The last printed text of each message. */
  #printed = new Map<string, string>();
  #failures: string[] = [];
  #held = 0;

  constructor(stage: Stage, print: (line: string) => void) {
    this.#stage = stage;
    this.#print = print;
    this.#startMs = stage.cloud.clock.nowMs();
  }

  /** Begins a scene; earlier events are no longer printed. */
  scene(title: string): void {
    this.#discordSeen = this.#stage.discord.events().length;
    this.#twitchSeen = this.#stage.twitch.events().length;
    this.#print(`\n${bold(title)}`);
  }

  /** Skips what Discord and Twitch have recorded since. */
  async skipEvents(): Promise<void> {
    await this.#stage.cloud.settle();
    this.#discordSeen = this.#stage.discord.events().length;
    this.#twitchSeen = this.#stage.twitch.events().length;
  }

  /** Prints someone's action. */
  does(who: string, what: string): void {
    this.#line(this.#stage.cloud.clock.nowMs(), who, what);
  }

  /** Prints what Discord and Twitch have recorded since the scene began. */
  async printEvents(): Promise<void> {
    await this.#stage.cloud.settle();
    const discord = this.#stage.discord
      .events()
      .slice(this.#discordSeen)
      .flatMap((event) => this.#discord(event));
    const twitch = this.#stage.twitch
      .events()
      .slice(this.#twitchSeen)
      .flatMap((event) => describeTwitch(event));
    const lines = [...discord, ...twitch].sort((one, other) => one.atMs - other.atMs);
    for (const { atMs, who, what } of lines) this.#line(atMs, who, what);
    this.#discordSeen = this.#stage.discord.events().length;
    this.#twitchSeen = this.#stage.twitch.events().length;
  }

  /** Prints and returns an order's document. */
  async order(id: string): Promise<Record<string, unknown>> {
    const stored = (await this.#stage.firestore.doc(`orders/${id}`).get()).data() ?? {};
    const { fulfillment_status: status, twitch_vod_link: link } = stored;
    const now = this.#stage.cloud.clock.nowMs();
    this.#line(now, "Firestore", `orders/${id}: ${status}${link ? `, ${link}` : ""}`);
    return stored;
  }

  /** Prints lines unchanged. */
  table(lines: readonly string[]): void {
    for (const line of lines) this.#print(`${INDENT}${line}`);
  }

  /** Checks an expectation against what actually happened and prints the result. */
  expect(what: string, holds: boolean): void {
    if (holds) this.#held += 1;
    else this.#failures.push(what);
    this.#print(`${INDENT}${holds ? green("✓") : red("✗")} ${dim(what)}`);
  }

  /** Prints the summary. Returns whether every expectation held. */
  end(): boolean {
    const total = this.#held + this.#failures.length;
    this.#print(`\n${bold(`${this.#held} of ${total} expectations held.`)}`);
    for (const failure of this.#failures) this.#print(red(`  did not happen: ${failure}`));
    return this.#failures.length === 0;
  }

  #discord(event: DiscordEvent): { atMs: number; who: string; what: string }[] {
    const { atMs } = event;
    if (event.kind === "call-refused") {
      return [{ atMs, who: "Discord", what: `refused ${event.call} with code ${event.code}` }];
    }
    if (event.kind !== "message-created" && event.kind !== "message-edited") return [];
    const embeds = event.embeds.flatMap(({ title, description, fields = [] }) => [
      title && `[${title}]`,
      description,
      fields.map(({ name, value }) => `${name}: ${value}`).join(" · "),
    ]);
    const text = [event.content, ...embeds].filter(Boolean).join("\n");
    // "Thinking…", until an answer replaces it, has no text.
    if (text === "" || this.#printed.get(event.messageId) === text) return [];
    this.#printed.set(event.messageId, text);
    const pinged = [
      ...event.pinged.users.map(nameOf),
      ...event.pinged.roles.map(() => "the drops role"),
    ];
    const pings =
      pinged.length > 0 && event.kind === "message-created" ? ` (pings ${pinged.join(", ")})` : "";
    const edited = event.kind === "message-edited" ? " (edited)" : "";
    const where = event.onlyFor
      ? `only ${nameOf(event.onlyFor)} sees`
      : `${this.#place(event.channelId)}${edited}`;
    return [{ atMs, who: "Discord", what: `${where}${pings}: ${withNames(text)}` }];
  }

  #place(channelId: string): string {
    const known = channelNames[channelId];
    if (known) return known;
    const { discord } = this.#stage;
    const user = Object.values(people).find((id) =>
      discord.dms(id).some((dm) => dm.channel_id === channelId),
    );
    return user ? `DM to ${nameOf(user)}` : "DM";
  }

  #line(atMs: number, who: string, what: string): void {
    const seconds = ((atMs - this.#startMs) / 1000).toFixed(1).padStart(9);
    const [first = "", ...rest] = wrap(`${bold(who.padEnd(9))} ${what}`);
    this.#print(`${dim(`${seconds}s`)}   ${first}`);
    for (const line of rest) this.#print(`${INDENT}          ${line}`);
  }
}

function describeTwitch(event: TwitchEvent): { atMs: number; who: string; what: string }[] {
  const { atMs } = event;
  const line = (what: string) => [{ atMs, who: "Twitch", what }];
  if (event.kind === "request")
    return line(`${event.method} ${event.path} → ${event.status ?? "broken off"}`);
  if (event.kind === "message") {
    return line(`sent ${event.subscriptionType} (${event.messageType}) → ${event.result}`);
  }
  if (event.kind === "video-published") return line(`published ${event.url}`);
  return [];
}

/** A person's name in the demo. */
export function nameOf(userId: string): string {
  return (
    Object.entries(people).find(([, id]) => id === userId)?.[0] ?? viewerName(userId) ?? userId
  );
}

/** Replaces mentions and times as Discord's clients do. */
export function withNames(text: string): string {
  return text
    .replace(/<@(\d+)>/g, (_mention, id: string) => `@${nameOf(id)}`)
    .replace(/<@&\d+>/g, "@drops")
    .replace(/<t:(\d+):F> \(<t:\1:R>\)/g, (_time, seconds: string) => clockTime(Number(seconds)))
    .replace(/<t:(\d+):R>/g, (_time, seconds: string) => clockTime(Number(seconds)))
    .replace(/\b(by|until) on /g, "$1 ")
    .replace(/\\(?=[^\w\s])/g, "")
    .replace(/<#(\d+)>/g, (_mention, id: string) => channelNames[id] ?? id);
}

/** Discord shows it as "in 30 minutes", in each user's language. */
function clockTime(seconds: number): string {
  return `on ${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " at ")} UTC`;
}

/** Wraps at spaces to the page's width. */
function wrap(text: string): string[] {
  return text.split("\n").flatMap((line) => {
    const lines = [""];
    for (const word of line.split(" ")) {
      const last = lines.at(-1) ?? "";
      if (last !== "" && last.length + word.length + 1 > WIDTH) lines.push(word);
      else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
    }
    return lines;
  });
}
