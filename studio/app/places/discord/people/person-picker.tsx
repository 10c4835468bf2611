import { Picker } from "../picker.tsx";
import { people, pings, titlesOf } from "../surroundings.ts";
import { Avatar } from "./avatar.tsx";

/** How often someone was notified without having read it. */
export function PingBadge({ count }: { readonly count: number | undefined }) {
  if (!count) return null;
  return (
    <span class="ping-badge">
      {count > 99 ? "99+" : count}
      <span class="hidden"> unread {count === 1 ? "mention" : "mentions"}</span>
    </span>
  );
}

/** Chooses who one is in a pane. */
export function PersonPicker({
  userId,
  onChoose,
  addPerson,
}: {
  readonly userId: string;
  onChoose(userId: string): void;
  addPerson(): void;
}) {
  const person = people.value.get(userId);
  const name = person?.username ?? userId;
  const choices = [...people.value.values()]
    .sort((one, other) => (pings.value[other.id] ? 1 : 0) - (pings.value[one.id] ? 1 : 0))
    .map((each) => ({
      id: each.id,
      label: each.username,
      detail: titlesOf(each).join(", "),
      badge: <PingBadge count={pings.value[each.id]} />,
    }));
  const titles = person ? titlesOf(person) : [];
  const others = choices.filter(({ id }) => id !== userId && pings.value[id]).length;
  return (
    <Picker
      class="person-picker"
      label="Be someone else. You are"
      choices={choices}
      selected={[userId]}
      onChoose={onChoose}
      footer={
        <button type="button" onClick={addPerson}>
          + Add a person
        </button>
      }
    >
      <Avatar id={userId} name={name} />
      <b>{name}</b>
      {titles.map((title) => (
        <span class="badge" key={title}>
          {title}
        </span>
      ))}
      {others > 0 && (
        <span class="others quiet" title={`${others} others were pinged`}>
          <span class="ping-badge small">
            {others}
            <span class="hidden"> others were pinged</span>
          </span>
        </span>
      )}
      <span aria-hidden="true" class="quiet">
        ⌄
      </span>
    </Picker>
  );
}
