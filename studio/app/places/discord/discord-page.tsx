import { useState } from "preact/hooks";
import { call } from "../../api/api.ts";
import { attempt } from "../../shell/toasts.ts";
import { useNow } from "./now.ts";
import { Pane } from "./pane.tsx";
import { MOST_PANES, panes, type Seat, showPanes } from "./panes.ts";
import { PersonDialog } from "./people/person-dialog.tsx";
import { nameOf, overviewProblem, surroundings, useSurroundings } from "./surroundings.ts";
// In this order: discord.css says last what a narrow pane hides of the lists and the picker.
import "./channels/channels.css";
import "./forms/forms.css";
import "./picker.css";
import "./discord.css";
import "./messages/message.css";
import "./messages/markdown.css";
import "./messages/embed.css";
import "./messages/components.css";
import "./composer/composer.css";

/** Discord: one or several people at their clients, side by side. */
export function DiscordPage() {
  useSurroundings();
  useNow();
  const [front, setFront] = useState(0);
  const known = surroundings.value;
  if (overviewProblem.value) return <p class="card problem">{overviewProblem.value}</p>;
  if (!known) return <p class="quiet">Loading Discord…</p>;
  const [someone] = known.people;
  if (!someone) return <Nobody />;
  const here = known.channels[0]?.id ?? "dm";
  const shown = panes.value.length > 0 ? panes.value : [{ userId: someone.id, channelId: here }];
  const inFront = Math.min(front, shown.length - 1);
  const replace = (index: number, ...seats: readonly Seat[]) =>
    showPanes([...shown.slice(0, index), ...seats, ...shown.slice(index + 1)]);
  const split = (index: number, seat: Seat) => {
    const used = new Set(shown.map(({ userId }) => userId));
    const next = known.people.find(({ id }) => !used.has(id)) ?? someone;
    replace(index, seat, { userId: next.id, channelId: seat.channelId });
    setFront(index + 1);
  };
  return (
    <div class="discord">
      {shown.length > 1 && (
        <nav class="pane-tabs" aria-label="Panes">
          {shown.map((seat, index) => (
            <button
              key={index}
              type="button"
              aria-pressed={index === inFront}
              onClick={() => setFront(index)}
            >
              {nameOf(seat.userId)}
            </button>
          ))}
        </nav>
      )}
      <div class={`panes panes-${shown.length}`}>
        {shown.map((seat, index) => (
          <div key={index} class={index === inFront ? "slot front" : "slot"}>
            <Pane
              seat={seat}
              onMove={(moved) => replace(index, moved)}
              onClose={shown.length > 1 ? () => replace(index) : undefined}
              onSplit={shown.length < MOST_PANES ? () => split(index, seat) : undefined}
            />
          </div>
        ))}
      </div>
    </div>
  );
}

/** A cloud in which nobody lives yet. */
function Nobody() {
  const [isAdding, setAdding] = useState(false);
  const add = () => setAdding(true);
  return (
    <section class="discord card nobody">
      <h2>Nobody is here yet</h2>
      <p>
        Bring in the cast – builders, buyers, bidders, staff and a stranger, with their Twitch
        channels – or add people one by one. Then run <code>/c500 register</code> as a builder.
      </p>
      <p>
        Or start from a <a href="/scenes">scene</a>: one press sets up a drop, an auction in its
        last minute, a race with sales, or packing day.
      </p>
      <div class="row">
        <button
          type="button"
          class="primary"
          onClick={() => attempt(() => call("discord", "bringCast", {}), "The cast has arrived.")}
        >
          Bring in the cast
        </button>
        <button type="button" onClick={add}>
          Add a person
        </button>
      </div>
      {isAdding && (
        <PersonDialog
          userId={undefined}
          onSaved={() => setAdding(false)}
          onClose={() => setAdding(false)}
        />
      )}
    </section>
  );
}
