import { useCall } from "../../../api/use-call.ts";
import { notify } from "../../../shell/toasts.ts";
import type { Seat } from "../panes.ts";
import { Picker } from "../picker.tsx";
import { nameOf } from "../surroundings.ts";
import type { Message } from "./use-messages.ts";

/** Lists the pinned messages of a channel. Choosing one shows where it stands. */
export function Pins({ seat, title }: { readonly seat: Seat; readonly title: string }) {
  const pins = useCall("discord", "pins", { ...seat }).value ?? [];
  if (pins.length === 0) return null;
  return (
    <Picker
      class="pins"
      label={`Pinned messages in ${title}:`}
      choices={pins.map((message) => ({
        id: message.id,
        label: summaryOf(message),
        detail: nameOf(message.author.id),
      }))}
      selected={[]}
      onChoose={jumpTo}
    >
      <span aria-hidden="true">📌</span> {pins.length}
    </Picker>
  );
}

/** Scrolls to a message, if its page has been loaded. */
export function jumpTo(messageId: string): void {
  const found = document.querySelector<HTMLElement>(`.message[data-id="${messageId}"]`);
  if (!found) {
    notify("problem", "This message is gone, or further up: load older messages.");
    return;
  }
  found.scrollIntoView({ block: "center" });
}

/** What a message is about, in one line. */
function summaryOf({ content, embeds }: Message): string {
  const [embed] = embeds;
  const text = content || embed?.title || embed?.description || "A message";
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
