import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import { call } from "../../../api/api.ts";
import { MessageView, type Room, startsGroup } from "./message.tsx";
import { type Chat, isLater, type Message } from "./use-messages.ts";

/** How far from the end the list still counts as being there. */
const END_PX = 48;

/** A channel's messages: it stays at the end while someone is there, and marks what is new. */
export function MessageList({
  chat,
  room,
  title,
}: {
  readonly chat: Chat;
  readonly room: Room;
  readonly title: string;
}) {
  const { messages, hasOlder, problem } = chat;
  const list = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const [isAway, setAway] = useState(false);
  const { userId, channelId } = room.seat;
  const lastId = messages?.findLast(({ onlyFor }) => onlyFor === undefined)?.id;
  const opened = useRead(room, lastId, () => isAtEnd.current);

  useLayoutEffect(() => {
    const element = list.current;
    if (element && isAtEnd.current) element.scrollTop = element.scrollHeight;
  }, [messages]);
  useEffect(() => {
    const element = list.current;
    if (!element) return;
    const observer = new ResizeObserver(() => {
      if (isAtEnd.current) element.scrollTop = element.scrollHeight;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const onScroll = () => {
    const element = list.current;
    if (!element) return;
    isAtEnd.current = element.scrollHeight - element.scrollTop - element.clientHeight < END_PX;
    setAway(!isAtEnd.current);
  };
  const loadOlder = async () => {
    const element = list.current;
    const fromEnd = element ? element.scrollHeight - element.scrollTop : 0;
    await chat.loadOlder();
    requestAnimationFrame(() => {
      if (element) element.scrollTop = element.scrollHeight - fromEnd;
    });
  };
  const firstNew = firstNewOf(messages, opened);
  return (
    <div class="chat-scroll">
      <div
        ref={list}
        class="messages"
        role="log"
        aria-label={`Messages in ${title}`}
        aria-live="polite"
        onScroll={onScroll}
      >
        <ol>
          {problem && <li class="problem">{problem}</li>}
          {messages?.length === 0 && (
            <li class="quiet nothing">
              Nothing has been said in <bdi>{title}</bdi> yet.
            </li>
          )}
          {hasOlder && (
            <li class="older">
              <button type="button" onClick={loadOlder}>
                Older messages
              </button>
            </li>
          )}
          {messages?.map((message, index) => (
            <Kept
              key={message.id}
              message={message}
              room={room}
              isFirstNew={message.id === firstNew}
              starts={startsGroup(message, messages[index - 1]) || message.id === firstNew}
            />
          ))}
        </ol>
      </div>
      {isAway && (
        <button
          type="button"
          class="to-end"
          onClick={() => {
            list.current?.scrollTo({ top: list.current.scrollHeight });
            void call("discord", "markRead", { userId, channelId });
          }}
        >
          Newest messages ↓
        </button>
      )}
    </div>
  );
}

/** A message is drawn again only if it changed. */
function Kept({
  message,
  room,
  isFirstNew,
  starts,
}: {
  readonly message: Message;
  readonly room: Room;
  readonly isFirstNew: boolean;
  readonly starts: boolean;
}) {
  return useMemo(
    () => (
      <>
        {isFirstNew && <li class="new-line">New</li>}
        <MessageView message={message} room={room} startsGroup={starts} />
      </>
    ),
    [message, room, isFirstNew, starts],
  );
}

/** Marks the channel as read while its end is in view. Returns what had been read when it was opened. */
function useRead(
  { seat: { userId, channelId } }: Room,
  lastId: string | undefined,
  isAtEnd: () => boolean,
): Opened | undefined {
  const [opened, setOpened] = useState<(Opened & { key: string }) | undefined>();
  const key = `${userId}:${channelId}`;
  useEffect(() => {
    if (lastId === undefined || !isAtEnd()) return;
    const mark = async () => {
      const before = await call("discord", "markRead", { userId, channelId });
      setOpened((known) =>
        known?.key === key ? known : { key, readTo: before ?? undefined, endedAt: lastId },
      );
    };
    mark().catch(() => undefined);
  }, [key, lastId]);
  return opened?.key === key ? opened : undefined;
}

/** The channel as it was when it was opened. */
interface Opened {
  /** The last message that had been read. */
  readonly readTo: string | undefined;
  /** The last message that there was. */
  readonly endedAt: string;
}

/** The first message that was new when the channel was opened. */
function firstNewOf(
  messages: readonly Message[] | undefined,
  opened: Opened | undefined,
): string | undefined {
  const { readTo, endedAt } = opened ?? {};
  if (readTo === undefined || endedAt === undefined) return undefined;
  return messages?.find(
    ({ id, onlyFor }) => onlyFor === undefined && isLater(id, readTo) && !isLater(id, endedAt),
  )?.id;
}
