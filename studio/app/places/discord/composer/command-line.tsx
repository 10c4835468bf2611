import { useEffect, useId, useRef, useState } from "preact/hooks";
import type { call } from "../../../api/api.ts";
import { MOST_FILE_BYTES, readFile } from "../files.ts";
import type { Seat } from "../panes.ts";
import type { Run } from "./composer.tsx";
import {
  type Entry,
  type Option,
  OptionType,
  problemOf,
  type Runnable,
  sentValue,
} from "./runnable.ts";
import { SuggestionList } from "./suggestion-list.tsx";
import { type Suggestion, useSuggestions } from "./suggestions.ts";

type Options = Parameters<typeof call<"discord", "run">>[2]["options"];

/** A chosen command with its options: required ones first, the others when they are added. */
export function CommandLine({
  seat,
  command,
  before,
  run,
  leave,
}: {
  readonly seat: Seat;
  readonly command: Runnable;
  readonly before: Readonly<Record<string, Entry>>;
  run(ran: Run, options: Options): Promise<void>;
  leave(): void;
}) {
  const [entries, setEntries] = useState(before);
  const [added, setAdded] = useState<readonly string[]>(Object.keys(before));
  const [focused, setFocused] = useState<string | undefined>();
  const [active, setActive] = useState(0);
  const [isListOpen, setListOpen] = useState(true);
  const [problem, setProblem] = useState<
    { option: string | undefined; text: string } | undefined
  >();
  const [isBusy, setBusy] = useState(false);
  const root = useRef<HTMLFormElement>(null);
  const listId = useId();

  const shown = command.options.filter(({ name, required }) => required || added.includes(name));
  const more = command.options.filter((option) => !shown.includes(option));
  const option = command.options.find(({ name }) => name === focused);
  const {
    list,
    problem: unanswered,
    isBusy: isAsking,
  } = useSuggestions(seat, command, entries, option);
  const suggestions: readonly Suggestion[] = isListOpen ? list : [];
  const canSuggest = option !== undefined && (option.autocomplete === true || list.length > 0);

  const focus = (name: string | undefined, isPolite = false): void => {
    requestAnimationFrame(() => {
      // Somebody who was quicker stays where they are.
      if (isPolite && root.current?.contains(document.activeElement)) return;
      const target = name === undefined ? ".send" : `[data-option="${name}"]`;
      root.current?.querySelector<HTMLElement>(target)?.focus();
    });
  };
  useEffect(() => focus(shown[0]?.name, true), [command.name]);
  useEffect(() => setActive(0), [focused, list.map(({ label }) => label).join()]);

  const enter = (name: string, entry: Entry) => {
    // Several may be entered before the page is drawn again.
    setEntries((now) => ({ ...now, [name]: entry }));
    setProblem(undefined);
    setListOpen(true);
  };
  const remove = (name: string) => {
    setEntries(({ [name]: _, ...rest }) => rest);
    setAdded((now) => now.filter((each) => each !== name));
    focus(shown.findLast((each) => each.name !== name)?.name);
  };
  const add = (name: string) => {
    setAdded((now) => [...now, name]);
    focus(name);
  };
  const choose = ({ label, value }: Suggestion) => {
    if (!option) return;
    enter(option.name, { text: label, value });
    const next = shown.find(
      ({ name, required }) => name !== option.name && required && !entries[name]?.text,
    );
    if (next) focus(next.name);
  };
  const send = async () => {
    const wrong = shown.find((each) => problemOf(each, entries[each.name]) !== undefined);
    if (wrong) {
      setProblem({ option: wrong.name, text: problemOf(wrong, entries[wrong.name]) ?? "" });
      focus(wrong.name);
      return;
    }
    setBusy(true);
    try {
      await run({ command, entries }, await optionsOf(shown, entries));
    } catch (error) {
      setProblem({
        option: undefined,
        text: error instanceof Error ? error.message : String(error),
      });
    }
    setBusy(false);
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const end = suggestions.length - 1;
    const isField = (event.target as Element).matches("[data-option]");
    const chosen = isField ? suggestions[active] : undefined;
    const first = shown[0]?.name;
    if (event.key === "ArrowDown" && chosen) setActive(active >= end ? 0 : active + 1);
    else if (event.key === "ArrowUp" && chosen) setActive(active <= 0 ? end : active - 1);
    else if ((event.key === "Enter" || event.key === "Tab") && chosen && !event.shiftKey)
      choose(chosen);
    else if (event.key === "Enter" && isField) void send();
    else if (event.key === "Escape" && suggestions.length > 0 && entries[focused ?? ""]?.text)
      setListOpen(false);
    else if (event.key === "Escape") leave();
    else if (event.key === "Backspace" && isField && !entries[focused ?? ""]?.text) {
      if (option && !option.required) remove(option.name);
      else if (focused === first) leave();
      else return;
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <form
      ref={root}
      class="command-line"
      aria-label={`/${command.name}`}
      aria-busy={isBusy}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={onKeyDown}
    >
      {option && canSuggest && isListOpen && entries[option.name]?.value === undefined && (
        <SuggestionList
          id={listId}
          label={`Values for ${option.name}`}
          items={suggestions}
          active={active}
          none={noneText(isAsking, unanswered)}
          onActive={setActive}
          onChoose={(index) => {
            const suggestion = suggestions[index];
            if (suggestion) choose(suggestion);
          }}
        />
      )}
      <p class="option-help quiet" role="status">
        {problem ? (
          <span class="problem">{problem.text}</span>
        ) : option ? (
          <>
            <b>{option.name}</b> {option.description}
          </>
        ) : (
          command.description
        )}
      </p>
      <div class="command-fields">
        <span class="mention command-name">/{command.name}</span>
        {shown.map((each) => (
          <Field
            key={each.name}
            option={each}
            entry={entries[each.name]}
            isWrong={problem?.option === each.name}
            isDisabled={isBusy}
            listId={each.name === focused && suggestions.length > 0 ? listId : undefined}
            active={active}
            onFocus={() => setFocused(each.name)}
            onEnter={(entry) => enter(each.name, entry)}
          />
        ))}
        {more.map((each) => (
          <button
            key={each.name}
            type="button"
            class="add-option"
            title={each.description}
            onFocus={() => setFocused(undefined)}
            onClick={() => add(each.name)}
          >
            +{each.name}
          </button>
        ))}
        <button
          type="submit"
          class="send primary"
          disabled={isBusy}
          onFocus={() => setFocused(undefined)}
        >
          {isBusy ? "Sending…" : "Send"}
        </button>
        <button type="button" class="leave" aria-label="Leave the command" onClick={leave}>
          <span aria-hidden="true">✕</span>
        </button>
      </div>
    </form>
  );
}

function noneText(isAsking: boolean, unanswered: string | undefined): string {
  if (isAsking) return "Loading options…";
  return unanswered === undefined
    ? "No options match your search."
    : `Loading options failed: ${unanswered}`;
}

/** The entries as they are sent. */
async function optionsOf(
  shown: readonly Option[],
  entries: Readonly<Record<string, Entry>>,
): Promise<Options> {
  const options: Options = {};
  for (const option of shown) {
    const entry = entries[option.name];
    if (!entry || (entry.text === "" && !entry.file)) continue;
    options[option.name] = entry.file ? await readFile(entry.file) : sentValue(option, entry);
  }
  return options;
}

function Field({
  option,
  entry,
  isWrong,
  isDisabled,
  listId,
  active,
  onFocus,
  onEnter,
}: {
  readonly option: Option;
  readonly entry: Entry | undefined;
  readonly isWrong: boolean;
  readonly isDisabled: boolean;
  readonly listId: string | undefined;
  readonly active: number;
  onFocus(): void;
  onEnter(entry: Entry): void;
}) {
  const { name, type, required } = option;
  const id = useId();
  const common = {
    id,
    "data-option": name,
    "aria-label": `${name}${required ? ", required" : ""}`,
    "aria-invalid": isWrong,
    disabled: isDisabled,
    onFocus,
  };
  return (
    <span class={`option ${isWrong ? "wrong" : ""} ${entry?.value === undefined ? "" : "chosen"}`}>
      <label for={id}>{name}</label>
      {type === OptionType.attachment ? (
        <input
          {...common}
          type="file"
          onChange={({ currentTarget: { files } }) => {
            const file = files?.[0];
            const isTooLarge = (file?.size ?? 0) > MOST_FILE_BYTES;
            onEnter(file && !isTooLarge ? { text: file.name, file } : { text: "" });
          }}
        />
      ) : (
        <input
          {...common}
          role="combobox"
          aria-expanded={listId !== undefined}
          aria-controls={listId}
          aria-activedescendant={listId && `${listId}-${active}`}
          autocomplete="off"
          inputMode={type === OptionType.integer ? "numeric" : undefined}
          size={Math.max(6, Math.min(40, (entry?.text.length ?? 0) + 1))}
          value={entry?.text ?? ""}
          onInput={({ currentTarget }) => onEnter({ text: currentTarget.value })}
        />
      )}
    </span>
  );
}
