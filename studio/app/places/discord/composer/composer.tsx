import { useId, useRef, useState } from "preact/hooks";
import { call } from "../../../api/api.ts";
import type { Form } from "../messages/message.tsx";
import type { Seat } from "../panes.ts";
import { bestMatches } from "../picker.tsx";
import { CommandLine } from "./command-line.tsx";
import { type Entry, type Runnable, readTyped } from "./runnable.ts";
import { SuggestionList } from "./suggestion-list.tsx";

/** A command as it was run, to be run again. */
export interface Run {
  readonly command: Runnable;
  readonly entries: Readonly<Record<string, Entry>>;
}

/** How many commands are offered at once. */
const MOST = 50;

/** A text in an attribute, as `bdi` is one on the page: it turns the direction of nothing beside it. */
const isolated = (text: string) => `\u2068${text}\u2069`;

/** Where someone types "/" and runs a command. The application reads no messages, so nothing else is sent. */
export function Composer({
  seat,
  title,
  commands,
  showForm,
}: {
  readonly seat: Seat;
  readonly title: string;
  /** What this person may run here. */
  readonly commands: readonly Runnable[];
  showForm(of: string, form: Form): void;
}) {
  const [text, setText] = useState("");
  const [active, setActive] = useState(0);
  const [picked, setPicked] = useState<Run | undefined>();
  const [failed, setFailed] = useState<string | undefined>();
  const last = useRef<Run | undefined>(undefined);
  const input = useRef<HTMLInputElement>(null);
  const listId = useId();

  const isCommand = text.startsWith("/");
  const shown = isCommand
    ? bestMatches(commands, text.slice(1), ({ name }) => name).slice(0, MOST)
    : [];
  const pick = (command: Runnable | undefined) => {
    if (!command) return;
    setFailed(undefined);
    setText("");
    setPicked({ command, entries: {} });
  };
  const leave = () => {
    setPicked(undefined);
    requestAnimationFrame(() => input.current?.focus());
  };
  const run = async (
    ran: Run,
    options: Parameters<typeof call<"discord", "run">>[2]["options"],
  ) => {
    last.current = ran;
    setFailed(undefined);
    const outcome = await call("discord", "run", { ...seat, name: ran.command.name, options });
    if (outcome.failure !== undefined) setFailed(outcome.failure);
    if (outcome.form) {
      setPicked(undefined);
      showForm(outcome.id, outcome.form);
    } else leave();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const end = shown.length - 1;
    if (event.key === "ArrowDown" && isCommand) setActive(active >= end ? 0 : active + 1);
    else if (event.key === "ArrowUp" && isCommand) setActive(active <= 0 ? end : active - 1);
    else if (event.key === "ArrowUp" && text === "" && last.current) setPicked(last.current);
    else if ((event.key === "Enter" || event.key === "Tab") && isCommand && shown[active]) {
      pick(shown[active]);
    } else if (event.key === "Escape" && text !== "") setText("");
    else return;
    event.preventDefault();
  };

  return (
    <div class="composer">
      {failed !== undefined && (
        <p class="problem failed" role="alert">
          The application did not respond <span class="quiet">{failed}</span>{" "}
          <button type="button" class="as-link" onClick={() => setFailed(undefined)}>
            Dismiss
          </button>
        </p>
      )}
      {picked ? (
        <CommandLine
          key={picked.command.name}
          seat={seat}
          command={picked.command}
          before={picked.entries}
          run={run}
          leave={leave}
        />
      ) : (
        <>
          {isCommand && (
            <SuggestionList
              id={listId}
              label="Commands"
              active={active}
              items={shown.map(({ name, description, options }) => ({
                label: `/${name}`,
                detail: description,
                note: options
                  .filter(({ required }) => required)
                  .map((option) => option.name)
                  .join(" "),
              }))}
              none={
                commands.length === 0
                  ? "The application has no commands here."
                  : "No command matches."
              }
              onActive={setActive}
              onChoose={(index) => pick(shown[index])}
            />
          )}
          <input
            ref={input}
            class="composer-input"
            role="combobox"
            aria-expanded={isCommand}
            aria-controls={listId}
            aria-activedescendant={shown[active] ? `${listId}-${active}` : undefined}
            aria-label={`Message ${title}`}
            placeholder={`Message ${isolated(title)} – type / for commands`}
            value={text}
            autocomplete="off"
            onInput={({ currentTarget: { value } }) => {
              const typed = readTyped(value, commands);
              setText(typed ? "" : value);
              setActive(0);
              if (typed) setPicked(typed);
            }}
            onKeyDown={onKeyDown}
          />
          {text !== "" && !isCommand && (
            <p class="quiet note" role="status">
              The application reads no messages, so only commands do something: begin with /.
            </p>
          )}
        </>
      )}
    </div>
  );
}
