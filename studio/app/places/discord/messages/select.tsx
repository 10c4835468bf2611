import { useContext, useEffect, useState } from "preact/hooks";
import { type Choice, Picker } from "../picker.tsx";
import { channels, nameOf, people, roles } from "../surroundings.ts";
import { type Component, PressingContext } from "./components.tsx";

const STRING = 3;
const USER = 5;
const ROLE = 6;
const MENTIONABLE = 7;
const CHANNEL = 8;

/** What a list offers, by its kind. */
export function choicesOf({
  type,
  options,
}: Pick<Component, "type" | "options">): readonly Choice[] {
  const users = () => [...people.value.keys()].map((id) => ({ id, label: nameOf(id) }));
  const everyRole = () =>
    [...roles.value.values()].map(({ id, name }) => ({ id, label: `@${name}` }));
  switch (type) {
    case STRING:
      return (options ?? []).map(({ value, label, description, emoji }) => ({
        id: value,
        label: emoji?.name ? `${emoji.name} ${label}` : label,
        detail: description ?? undefined,
      }));
    case USER:
      return users();
    case ROLE:
      return everyRole();
    case MENTIONABLE:
      return [...users(), ...everyRole()];
    case CHANNEL:
      return [...channels.value.values()].map(({ id, name }) => ({ id, label: `#${name}` }));
    default:
      return [];
  }
}

/** A list of a message: one choice is sent at once, several when the list closes. */
export function Select({ select }: { readonly select: Component }) {
  const { busy, press } = useContext(PressingContext);
  const { custom_id: customId = "", disabled } = select;
  const preset = (select.options ?? []).filter((each) => each.default).map(({ value }) => value);
  const [chosen, setChosen] = useState<readonly string[]>(preset);
  const choices = choicesOf(select);
  const most = select.max_values ?? 1;
  const isBusy = busy === customId;
  // The application shows the same list again when it wants another choice.
  useEffect(() => setChosen(preset), [JSON.stringify(select)]);
  const names = choices.filter(({ id }) => chosen.includes(id)).map(({ label }) => label);
  const placeholder = select.placeholder ?? "Make a selection";
  const text = names.length > 0 ? names.join(", ") : placeholder;
  const toggle = (id: string) => {
    if (most === 1) {
      setChosen([id]);
      press(customId, [id]);
      return;
    }
    setChosen(
      chosen.includes(id) ? chosen.filter((each) => each !== id) : [...chosen, id].slice(-most),
    );
  };
  return (
    <Picker
      class="select"
      label={placeholder}
      choices={choices}
      selected={chosen}
      keepsOpen={most > 1}
      disabled={disabled === true || (busy !== undefined && !isBusy)}
      isBusy={isBusy}
      onChoose={toggle}
      onClose={() => {
        if (most > 1 && chosen.length >= (select.min_values ?? 1)) press(customId, chosen);
      }}
    >
      <span class={names.length > 0 ? "" : "quiet"} aria-hidden={names.length === 0}>
        {text}
      </span>
      <span aria-hidden="true">⌄</span>
    </Picker>
  );
}
