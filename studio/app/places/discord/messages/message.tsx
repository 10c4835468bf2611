import { useMemo, useState } from "preact/hooks";
import { call } from "../../../api/api.ts";
import { attempt } from "../../../shell/toasts.ts";
import type { Seat } from "../panes.ts";
import { Avatar } from "../people/avatar.tsx";
import { nameOf, people, roles } from "../surroundings.ts";
import { AttachmentView } from "./attachment.tsx";
import { Components, PressingContext } from "./components.tsx";
import { EmbedView } from "./embed.tsx";
import { Markdown } from "./markdown.tsx";
import { jumpTo } from "./pins.tsx";
import { SentAt } from "./time.tsx";
import type { Message } from "./use-messages.ts";

/** A form that an action opened. */
export type Form = NonNullable<Awaited<ReturnType<typeof call<"discord", "press">>>["form"]>;

/** How a message's pane takes part. */
export interface Room {
  readonly seat: Seat;
  /** Whether this person may delete messages, as staff. */
  readonly isStaff: boolean;
  showForm(of: string, form: Form): void;
}

/** What someone did, by the type of the interaction. */
const doings: Readonly<Record<number, string>> = {
  3: "used a button or a list",
  5: "sent a form",
};

/** The type of Discord's own message about a pin. */
const PINNED = 6;
const LOADING = 1 << 7;
const SUPPRESSES_EMBEDS = 1 << 2;

/** One message as someone sees it. */
export function MessageView({
  message,
  room,
  startsGroup,
}: {
  readonly message: Message;
  readonly room: Room;
  /** Whether the author is named; messages that follow each other closely name them once. */
  readonly startsGroup: boolean;
}) {
  const { busy, failure, press } = usePress(message, room);
  const { author, flags, onlyFor, pinged } = message;
  const { userId } = room.seat;
  const name = author.global_name ?? author.username;
  const own = people.value.get(userId)?.roles ?? [];
  const isPinged =
    pinged.everyone || pinged.users.includes(userId) || pinged.roles.some((id) => own.includes(id));
  const classes = [isPinged && "pinged", onlyFor && "ephemeral", startsGroup && "starts"];
  const pressing = useMemo(
    () => ({ userId, files: message.attachments, busy, press }),
    [userId, message, busy],
  );
  const isLoading = (flags & LOADING) !== 0;
  return (
    <li class={`message ${classes.filter(Boolean).join(" ")}`} data-id={message.id}>
      {message.interaction_metadata && startsGroup && (
        <p class="reply">
          <Avatar
            id={message.interaction_metadata.user.id}
            name={nameOf(message.interaction_metadata.user.id)}
          />
          <b>{nameOf(message.interaction_metadata.user.id)}</b>{" "}
          {message.usedCommand ? (
            <>
              used <span class="mention">{message.usedCommand}</span>
            </>
          ) : (
            doings[message.interaction_metadata.type]
          )}
        </p>
      )}
      {startsGroup && (
        <p class="byline">
          <Avatar id={author.id} name={name} />
          <b>{name}</b>
          {author.bot && <span class="badge app">APP</span>}
          <SentAt iso={message.timestamp} />
        </p>
      )}
      <div class="message-body">
        {isLoading ? (
          <p class="thinking">
            <span class="dots" aria-hidden="true" /> {name} is thinking…
          </p>
        ) : (
          message.content !== "" && <Markdown text={message.content} />
        )}
        {message.type === PINNED && (
          <p class="quiet">
            📌 {name} pinned{" "}
            <button
              type="button"
              class="as-link"
              onClick={() => jumpTo(message.message_reference?.message_id ?? "")}
            >
              a message
            </button>{" "}
            to this channel.
          </p>
        )}
        {message.pinned && <p class="quiet">📌 Pinned</p>}
        {message.edited_timestamp && (
          <span class="edited" title={new Date(message.edited_timestamp).toLocaleString()}>
            (edited)
          </span>
        )}
        <PressingContext.Provider value={pressing}>
          {message.attachments.length > 0 && (
            <div class="attachments">
              {message.attachments
                .filter(({ filename }) => !isEmbedded(filename, message))
                .map((file) => (
                  <AttachmentView key={file.id} file={file} />
                ))}
            </div>
          )}
          {(flags & SUPPRESSES_EMBEDS) === 0 &&
            message.embeds.map((embed, index) => (
              <EmbedView key={index} embed={embed} files={message.attachments} />
            ))}
          <Components list={message.components} />
        </PressingContext.Provider>
        {failure && (
          <p class="problem failed" role="alert">
            This interaction failed <span class="quiet">{failure}</span>
          </p>
        )}
        <Ephemeral message={message} room={room} />
      </div>
      {room.isStaff && onlyFor === undefined && (
        <button
          type="button"
          class="delete"
          title="Delete this message, as staff"
          onClick={() =>
            attempt(
              () =>
                call("discord", "deleteMessage", {
                  channelId: message.channel_id,
                  messageId: message.id,
                }),
              "The message is deleted.",
            )
          }
        >
          Delete
        </button>
      )}
      {isPinged && <PingNote message={message} />}
    </li>
  );
}

/** Whom a message notified, for screen readers; others see its colour. */
function PingNote({ message: { pinged } }: { readonly message: Message }) {
  const named = [
    ...pinged.users.map(nameOf),
    ...pinged.roles.map((id) => `@${roles.value.get(id)?.name ?? id}`),
    ...(pinged.everyone ? ["everyone"] : []),
  ];
  return <span class="hidden">Notified {named.join(", ")}</span>;
}

function Ephemeral({ message, room }: { readonly message: Message; readonly room: Room }) {
  if (message.onlyFor === undefined) return null;
  return (
    <p class="only-you">
      Only you can see this ·{" "}
      <button
        type="button"
        class="as-link"
        onClick={() =>
          attempt(() => call("discord", "dismiss", { ...room.seat, messageId: message.id }))
        }
      >
        Dismiss message
      </button>
    </p>
  );
}

/** Sends presses of a message's components, one at a time. */
function usePress(message: Message, { seat, showForm }: Room) {
  const [busy, setBusy] = useState<string | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const press = async (customId: string, values?: readonly string[]) => {
    setBusy(customId);
    setFailure(undefined);
    try {
      const outcome = await call("discord", "press", {
        ...seat,
        messageId: message.id,
        customId,
        ...(values && { values: [...values] }),
      });
      if (outcome.failure !== undefined) setFailure(outcome.failure);
      if (outcome.form) showForm(outcome.id, outcome.form);
    } catch (error) {
      setFailure(error instanceof Error ? error.message : String(error));
    }
    setBusy(undefined);
  };
  return { busy, failure, press };
}

/** Whether an embed or a component shows the file. */
function isEmbedded(filename: string, { embeds, components }: Message): boolean {
  return JSON.stringify([embeds, components]).includes(`attachment://${filename}`);
}

/** Whether a message names its author: it does unless it follows one of theirs within minutes. */
export function startsGroup(message: Message, before: Message | undefined): boolean {
  if (!before || before.author.id !== message.author.id || message.interaction_metadata)
    return true;
  if (before.interaction_metadata || before.onlyFor !== message.onlyFor) return true;
  return Date.parse(message.timestamp) - Date.parse(before.timestamp) > GROUP_MS;
}
const GROUP_MS = 7 * 60_000;
