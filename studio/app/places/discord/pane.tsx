import { useCallback, useMemo, useState } from "preact/hooks";
import { ChannelDialog, type ChannelTask } from "./channels/channel-dialogs.tsx";
import { ChannelList, listChannels, signed } from "./channels/channel-list.tsx";
import { Events } from "./channels/events.tsx";
import { Composer } from "./composer/composer.tsx";
import { runnables } from "./composer/runnable.ts";
import { FormDialog } from "./forms/form-dialog.tsx";
import type { Form } from "./messages/message.tsx";
import { MessageList } from "./messages/message-list.tsx";
import { Pins } from "./messages/pins.tsx";
import { useMessages } from "./messages/use-messages.ts";
import type { Seat } from "./panes.ts";
import { PersonDialog } from "./people/person-dialog.tsx";
import { PersonPicker, PingBadge } from "./people/person-picker.tsx";
import { Picker } from "./picker.tsx";
import { channels, isStaff, nameOf, people, surroundings, useChannels } from "./surroundings.ts";

/** Someone at their client, in one channel. */
export function Pane({
  seat,
  onMove,
  onClose,
  onSplit,
}: {
  readonly seat: Seat;
  onMove(seat: Seat): void;
  /** Undefined for the only pane. */
  readonly onClose: (() => void) | undefined;
  /** Undefined when there is no room for another. */
  readonly onSplit: (() => void) | undefined;
}) {
  const { userId, channelId } = seat;
  const known = useChannels(userId);
  const chat = useMessages(seat);
  const [form, setForm] = useState<{ of: string; form: Form } | undefined>();
  const [dialog, setDialog] = useState<"add" | "change" | undefined>();
  const [task, setTask] = useState<ChannelTask | undefined>();
  const showForm = useCallback((of: string, shown: Form) => setForm({ of, form: shown }), []);

  const person = people.value.get(userId);
  const isOfStaff = person !== undefined && isStaff(person);
  const room = useMemo(
    () => ({ seat: { userId, channelId }, isStaff: isOfStaff, showForm }),
    [userId, channelId, isOfStaff, showForm],
  );
  const list = listChannels(known);
  const current = list.find(({ id }) => id === channelId);
  const name = channelId === "dm" ? list[0]?.name : channels.value.get(channelId)?.name;
  const title = signed({ id: channelId, name: name ?? "unknown" });
  const permissions = known?.channels.find(({ id }) => id === channelId)?.permissions ?? "0";
  const guildId = channels.value.get(channelId)?.guildId;
  const { commands } = surroundings.value ?? { commands: [] };
  const offered = useMemo(
    () =>
      runnables(
        commands.filter((command) => command.guildId === guildId),
        BigInt(permissions),
      ),
    [commands, guildId, permissions],
  );
  const open = (id: string) => onMove({ userId, channelId: id });
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 1, PageUp: -1 }[event.key];
    if (step === undefined) return;
    if (event.key.startsWith("Page")) scroll(event.currentTarget as Element, step);
    else if (event.altKey) {
      const at = list.findIndex(({ id }) => id === channelId);
      open(list[(at + step + list.length) % list.length]?.id ?? channelId);
    } else return;
    event.preventDefault();
  };
  const tasks = (
    <>
      {isOfStaff && (
        <button type="button" onClick={() => setTask("add-channel")}>
          + Add a channel
        </button>
      )}
      <button type="button" onClick={() => setTask("add-server")}>
        + Add a server
      </button>
      {isOfStaff && guildId !== undefined && (
        <button type="button" onClick={() => setTask("let-bot")}>
          ⚙ What the bot may do here
        </button>
      )}
      {isOfStaff && guildId !== undefined && (
        <button type="button" onClick={() => setTask("delete-channel")}>
          − Delete {title}
        </button>
      )}
    </>
  );

  return (
    <section class="seat" aria-label={`${nameOf(userId)} in ${title}`} onKeyDownCapture={onKeyDown}>
      <header class="seat-top">
        <PersonPicker
          userId={userId}
          onChoose={(id) => onMove({ userId: id, channelId })}
          addPerson={() => setDialog("add")}
        />
        <IconButton sign="✎" label="Change this person" onPress={() => setDialog("change")} />
        <Picker
          class="channel-picker"
          label="Go to another channel. You are in"
          choices={list.map((each) => ({
            id: each.id,
            label: signed(each),
            group: each.server,
            badge: <PingBadge count={each.pings} />,
          }))}
          selected={[channelId]}
          onChoose={open}
          footer={tasks}
        >
          <b>{title}</b> <span aria-hidden="true">⌄</span>
        </Picker>
        <h2 class="seat-title">{title}</h2>
        {guildId !== undefined && <Events userId={userId} guildId={guildId} />}
        <Pins seat={room.seat} title={title} />
        {onSplit && <IconButton sign="◫" label="Add a pane beside this one" onPress={onSplit} />}
        {onClose && <IconButton sign="✕" label="Close this pane" onPress={onClose} />}
      </header>
      <div class="seat-body">
        <ChannelList of={nameOf(userId)} list={list} current={channelId} onChoose={open}>
          <div class="tasks">{tasks}</div>
        </ChannelList>
        <div class="chat">
          <MessageList key={`${userId}:${channelId}`} chat={chat} room={room} title={title} />
          <Composer
            key={`composer ${userId}:${channelId}`}
            seat={seat}
            title={title}
            commands={offered}
            showForm={showForm}
          />
        </div>
      </div>
      {form && (
        <FormDialog
          key={form.of}
          of={form.of}
          form={form.form}
          onClose={() => setForm(undefined)}
        />
      )}
      {dialog && (
        <PersonDialog
          userId={dialog === "change" ? userId : undefined}
          onClose={() => setDialog(undefined)}
          onSaved={(id) => {
            setDialog(undefined);
            onMove({ userId: id, channelId });
          }}
        />
      )}
      {task && (
        <ChannelDialog
          task={task}
          channelId={channelId}
          onOpen={open}
          onClose={() => setTask(undefined)}
        />
      )}
      {current === undefined && known && (
        <p class="problem note">{nameOf(userId)} cannot see this channel.</p>
      )}
    </section>
  );
}

function IconButton({
  sign,
  label,
  onPress,
}: {
  readonly sign: string;
  readonly label: string;
  onPress(): void;
}) {
  return (
    <button type="button" class="icon" title={label} onClick={onPress}>
      <span aria-hidden="true">{sign}</span>
      <span class="hidden">{label}</span>
    </button>
  );
}

/** How much of the visible messages a key scrolls by. */
const PAGE = 0.85;

function scroll(pane: Element, direction: number): void {
  const messages = pane.querySelector(".messages");
  messages?.scrollBy({ top: direction * PAGE * messages.clientHeight });
}
