import { useCall } from "../../../api/use-call.ts";
import { Picker } from "../picker.tsx";
import { guilds } from "../surroundings.ts";

/** Discord's number for an event that has begun. */
const ACTIVE = 2;
const TIME = { dateStyle: "medium", timeStyle: "short" } as const;

/** Lists the scheduled events of a server, with their times in the viewer's zone. Choosing one opens where it is. */
export function Events({ userId, guildId }: { readonly userId: string; readonly guildId: string }) {
  const events = useCall("discord", "events", { userId, guildId }).value ?? [];
  if (events.length === 0) return null;
  return (
    <Picker
      class="events"
      label={`Events of ${guilds.value.get(guildId)?.name ?? "the server"}:`}
      choices={events.map(({ id, name, status, startsAtMs }) => ({
        id,
        label: name,
        detail: status === ACTIVE ? "now" : new Date(startsAtMs).toLocaleString(undefined, TIME),
      }))}
      selected={[]}
      onChoose={(id) => {
        const event = events.find((each) => each.id === id);
        if (event) window.open(event.location, "_blank", "noopener");
      }}
    >
      <span aria-hidden="true">📅</span> {events.length}
    </Picker>
  );
}
