import { community } from "../../cloud/community.ts";
import type { SeenMessage } from "../../discord/inspection.ts";
import { type Person, people, type Stage } from "../cast.ts";
import { nameOf, type Timeline } from "../timeline.ts";

type Button = { readonly label: string; readonly url?: string; readonly custom_id?: string };

/** A message that someone reads: its text and its buttons. */
export interface Reading {
  readonly id: string;
  readonly text: string;
  readonly buttons: readonly Button[];
}

/** Actions of people in Discord. */
export function actors(
  { discord, twitch, cloud }: Stage,
  timeline: Pick<Timeline, "does" | "printEvents">,
) {
  const endpoint = `${cloud.functions.url}/discord-interactions`;
  const inGeneral = (who: Person) => ({
    user: people[who],
    channelId: community.generalChannelId,
  });

  function read(id: string): Reading {
    const seen = discord.interaction(id);
    const message = seen?.original ?? (seen?.response?.type === 4 ? seen.response.data : undefined);
    const embeds = (message?.embeds ?? []).map(({ description }) => description);
    return {
      id,
      text: [message?.content, ...embeds].filter(Boolean).join("\n"),
      buttons: rowsOf<Button>(message?.components),
    };
  }

  /** Presses a button and returns the interaction; its outcome can be read later. */
  async function presses(
    who: Person,
    place: { channelId: string; messageId: string },
    customId: string,
  ) {
    const { id } = await discord.client.component(endpoint, {
      user: people[who],
      channelId: place.channelId,
      message: place.messageId,
      customId,
    });
    return id;
  }

  return {
    read,
    presses,

    /** Runs a command and returns its final answer. */
    async types(
      who: Person,
      name: string,
      options: Readonly<Record<string, string | number | boolean>> = {},
      channelId: string = community.generalChannelId,
    ): Promise<Reading> {
      const typed = Object.entries(options).map(([option, value]) => ` ${option}:${named(value)}`);
      timeline.does(who, `types /${name}${typed.join("")}`);
      const use = { user: people[who], channelId, name, options };
      const { id } = await discord.client.command(endpoint, use);
      await timeline.printEvents();
      return read(id);
    },

    /** Opens a form with a command or a button and submits it. */
    async fillsIn(who: Person, shownBy: string, values: Readonly<Record<string, string>>) {
      const filled = Object.entries(values).map(([field, value]) => `${field} "${value}"`);
      timeline.does(who, `sends the form: ${filled.join(", ")}`);
      const { id } = await discord.client.modalSubmit(endpoint, { of: shownBy, values });
      await timeline.printEvents();
      return read(id);
    },

    /** Runs a command that opens a form and returns its interaction. */
    async opensForm(who: Person, name: string, options: Readonly<Record<string, string>>) {
      const typed = Object.entries(options).map(([option, value]) => ` ${option}:${value}`);
      timeline.does(who, `types /${name}${typed.join("")} and sees a form`);
      return (await discord.client.command(endpoint, { ...inGeneral(who), name, options })).id;
    },

    /** Presses a button of an answer that someone received and returns what they read. */
    async pressesUnder(who: Person, answer: Reading, label: string): Promise<Reading> {
      timeline.does(who, `presses ${label}`);
      const messageId = discord.interaction(answer.id)?.original?.id ?? "";
      const place = { channelId: community.generalChannelId, messageId };
      const id = await presses(who, place, customIdOf(answer.buttons, label));
      await timeline.printEvents();
      return read(id);
    },

    /** Chooses from the list under an answer that someone received and returns what they read. */
    async chooses(who: Person, answer: Reading, label: string): Promise<Reading> {
      const message = discord.interaction(answer.id)?.original;
      const list = rowsOf<Partial<List>>(message?.components).find(({ options }) => options);
      const option = list?.options?.find((each) => each.label === label);
      const note = option?.description ? ` (${option.description})` : "";
      timeline.does(who, `chooses ${label}${note}`);
      const { id } = await discord.client.component(endpoint, {
        ...inGeneral(who),
        channelId: message?.channel_id ?? "",
        message: message?.id ?? "",
        customId: list?.custom_id ?? "",
        values: [option?.value ?? label],
      });
      await timeline.printEvents();
      return read(id);
    },

    /** Presses a button of the newest DM that has it and returns what they read. */
    async pressesInDm(who: Person, label: string): Promise<Reading> {
      timeline.does(who, `presses ${label}`);
      const { dm, button } = newestWith(discord.dms(people[who]), label);
      const place = { channelId: dm?.channel_id ?? "", messageId: dm?.id ?? "" };
      const id = await presses(who, place, button?.custom_id ?? "");
      await timeline.printEvents();
      return read(id);
    },

    /** The address that a button of someone's newest DM with it opens. */
    linkInDm: (who: Person, label: string): string =>
      newestWith(discord.dms(people[who]), label).button?.url ?? "",

    /** Presses a button of the operators' newest notice and returns what they read. */
    async pressesInNotice(who: Person, label: string): Promise<Reading> {
      timeline.does(who, `presses ${label} in the operators' channel`);
      const channelId = community.operatorsChannelId;
      const notice = discord.messages(channelId).at(-1);
      const place = { channelId, messageId: notice?.id ?? "" };
      const id = await presses(who, place, customIdOf(rowsOf<Button>(notice?.components), label));
      await timeline.printEvents();
      return read(id);
    },

    /**
     * Follows the link of `/c500 register` and signs in at Twitch. Returns the page and its code.
     */
    async signsIn(who: Person, link: Reading, login: string) {
      timeline.does(who, `signs in at Twitch, as ${login}`);
      const url = link.buttons.find(({ label }) => label === "Sign in at Twitch")?.url ?? "";
      const page = await (await cloud.fetch(twitch.signIn(url, login))).text();
      return { page, code: /register code:([\w-]+)/.exec(page)?.[1] ?? "" };
    },
  };
}

/** A list to choose from. */
interface List {
  readonly custom_id: string;
  readonly options: readonly { label: string; value: string; description?: string }[];
}

/** The Checkout Session that a button of these leads to. */
export function sessionIn({ buttons }: Pick<Reading, "buttons">): string | undefined {
  return buttons.map(({ url = "" }) => /cs_[A-Za-z0-9_]+/.exec(url)?.[0]).find(Boolean);
}

/** What the rows of a message contain. */
function rowsOf<Component>(components: unknown): readonly Component[] {
  const rows = (components ?? []) as readonly { components: readonly Component[] }[];
  return rows.flatMap((row) => row.components);
}

function newestWith(dms: readonly SeenMessage[], label: string) {
  const found = dms.map((dm) => ({
    dm,
    button: rowsOf<Button>(dm.components).find((button) => button.label === label),
  }));
  return found.findLast(({ button }) => button) ?? { dm: undefined, button: undefined };
}

function customIdOf(buttons: Reading["buttons"], label: string): string {
  return buttons.find((button) => button.label === label)?.custom_id ?? "";
}

/** A value as Discord displays it in a typed command, with people's names. */
function named(value: string | number | boolean): string {
  // A direction mark would reverse the printed line.
  const text = String(value).replace(/\p{Bidi_Control}/gu, "�");
  const name = nameOf(text);
  return name === text ? text : `@${name}`;
}
