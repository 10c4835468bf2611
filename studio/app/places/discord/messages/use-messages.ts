import { useCallback, useRef, useState } from "preact/hooks";
import { type Answer, call } from "../../../api/api.ts";
import { attempt } from "../../../shell/toasts.ts";
import type { Seat } from "../panes.ts";
import { useEach } from "../use-each.ts";

export type Message = Answer<"discord", "changes">["changed"][number];

/** A channel's messages as someone sees them. */
export interface Chat {
  /** Oldest first; undefined until they have been read. */
  readonly messages: readonly Message[] | undefined;
  readonly hasOlder: boolean;
  /** Why they cannot be read. */
  readonly problem: string | undefined;
  loadOlder(): Promise<boolean>;
}

const NOTHING = { messages: undefined, hasOlder: false, problem: undefined };

/** Follows a channel: only messages that changed are read again, all others stay the same objects. */
export function useMessages(seat: Seat): Chat {
  const key = `${seat.userId}:${seat.channelId}`;
  const [chat, setChat] = useState<Omit<Chat, "loadOlder"> & { key: string }>({ ...NOTHING, key });
  const since = useRef({ key: "", sequence: 0 });
  useEach(key, async (isCurrent) => {
    const from = since.current.key === key ? since.current.sequence : 0;
    try {
      const changes = await call("discord", "changes", { ...seat, since: from });
      if (!isCurrent()) return;
      since.current = { key, sequence: changes.sequence };
      setChat((before) => merge(before.key === key ? before : { ...NOTHING, key }, changes));
    } catch (error) {
      if (!isCurrent()) return;
      since.current = { key, sequence: 0 };
      setChat({ ...NOTHING, key, problem: String((error as Error).message) });
    }
  });
  const first = chat.messages?.[0]?.id;
  const loadOlder = useCallback(
    () =>
      attempt(async () => {
        if (first === undefined) return;
        const older = await call("discord", "older", { ...seat, before: first });
        setChat((now) => ({
          ...now,
          messages: [...older.messages, ...(now.messages ?? [])],
          hasOlder: older.hasOlder,
        }));
      }),
    [key, first],
  );
  return { ...(chat.key === key ? chat : NOTHING), loadOlder };
}

function merge<Before extends Omit<Chat, "loadOlder">>(
  before: Before,
  { changed, removed, isWhole, hasOlder, problem }: Answer<"discord", "changes">,
): Before {
  if (problem !== undefined) return { ...before, ...NOTHING, problem };
  if (isWhole) return { ...before, messages: changed, hasOlder, problem: undefined };
  if (changed.length === 0 && removed.length === 0) return before;
  const gone = new Set(removed);
  const kept = (before.messages ?? []).filter(({ id }) => !gone.has(id));
  const fresh = new Map(changed.map((message) => [message.id, message]));
  const messages = kept.map((message) => {
    const newer = fresh.get(message.id);
    fresh.delete(message.id);
    return newer ?? message;
  });
  const last = messages.at(-1)?.id ?? "0";
  const added = [...fresh.values()].filter(({ id }) => isLater(id, last)).sort(byId);
  return { ...before, messages: [...messages, ...added] };
}

/** Whether an id was given out after another. */
export function isLater(id: string, other: string): boolean {
  return id.length === other.length ? id > other : id.length > other.length;
}

const byId = (one: Message, other: Message) => (isLater(one.id, other.id) ? 1 : -1);
