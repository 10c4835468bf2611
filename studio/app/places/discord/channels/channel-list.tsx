import type { ComponentChildren } from "preact";
import type { Answer } from "../../../api/api.ts";
import { PingBadge } from "../people/person-picker.tsx";
import { channels, guilds, surroundings } from "../surroundings.ts";

export type Channels = Answer<"discord", "channels">;

/** A channel as a list shows it. */
export interface ListedChannel {
  /** The channel's id, or "dm". */
  readonly id: string;
  readonly name: string;
  readonly server: string;
  readonly unread: number;
  readonly pings: number;
}

/** What someone can open: their DM with the bot, and the channels that they may see. */
export function listChannels(known: Channels | undefined): readonly ListedChannel[] {
  const newsOf = (id: string | undefined) => known?.news[id ?? ""] ?? { unread: 0, pings: 0 };
  const dm = {
    id: "dm",
    name: surroundings.value?.bot.username ?? "the bot",
    server: "Direct messages",
    ...newsOf(known?.dmChannelId),
  };
  const listed = (known?.channels ?? []).flatMap(({ id }) => {
    const channel = channels.value.get(id);
    if (!channel) return [];
    const server = guilds.value.get(channel.guildId)?.name ?? "Server";
    return [{ id, name: channel.name, server, ...newsOf(id) }];
  });
  return [dm, ...listed];
}

/** A channel's name with its sign. */
export const signed = ({ id, name }: Pick<ListedChannel, "id" | "name">) =>
  id === "dm" ? `@${name}` : `#${name}`;

/** Someone's channels. Arrow keys move between them. */
export function ChannelList({
  list,
  current,
  onChoose,
  of,
  children,
}: {
  /** Whose channels. */
  readonly of: string;
  readonly list: readonly ListedChannel[];
  readonly current: string;
  onChoose(id: string): void;
  /** What stands below the channels. */
  readonly children: ComponentChildren;
}) {
  const move = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    const buttons = [...(event.currentTarget as Element).querySelectorAll("button")];
    const at = buttons.indexOf(event.target as HTMLButtonElement);
    buttons[(at + step + buttons.length) % buttons.length]?.focus();
    event.preventDefault();
  };
  return (
    <nav class="channel-list" aria-label={`Channels of ${of}`} onKeyDown={move}>
      {[...Map.groupBy(list, ({ server }) => server)].map(([server, within]) => (
        <section key={server}>
          <h3>{server}</h3>
          <ul>
            {within.map((channel) => (
              <li key={channel.id}>
                <button
                  type="button"
                  class={channel.unread > 0 ? "unread" : ""}
                  aria-current={channel.id === current ? "page" : undefined}
                  onClick={() => onChoose(channel.id)}
                >
                  <span class="sign" aria-hidden="true">
                    {channel.id === "dm" ? "@" : "#"}
                  </span>
                  <span class="channel-name">{channel.name}</span>
                  {channel.unread > 0 && channel.pings === 0 && (
                    <span class="unread-dot" title={`${channel.unread} unread`}>
                      <span class="hidden">{channel.unread} unread</span>
                    </span>
                  )}
                  <PingBadge count={channel.pings} />
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
      {children}
    </nav>
  );
}
