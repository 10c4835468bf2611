import type { ComponentChildren } from "preact";
import { useEffect, useId, useRef, useState } from "preact/hooks";

/** One thing to choose. */
export interface Choice {
  readonly id: string;
  readonly label: string;
  readonly detail?: string | undefined;
  readonly badge?: ComponentChildren;
  /** A heading above the first choice of its group. */
  readonly group?: string | undefined;
}

/** Whether the letters of `typed` occur in this order in `text`; a lower score is a better match. */
export function matchScore(text: string, typed: string): number | undefined {
  const [haystack, needle] = [text.toLowerCase(), typed.trim().toLowerCase()];
  const found = haystack.indexOf(needle);
  if (found >= 0) return found;
  let at = -1;
  for (const letter of needle) {
    if (letter === " ") continue;
    at = haystack.indexOf(letter, at + 1);
    if (at < 0) return undefined;
  }
  return 100 + at;
}

/** The best matches first. */
export function bestMatches<Item>(
  items: readonly Item[],
  typed: string,
  textOf: (item: Item) => string,
): readonly Item[] {
  if (typed.trim() === "") return items;
  return items
    .flatMap((item) => {
      const score = matchScore(textOf(item), typed);
      return score === undefined ? [] : [{ item, score }];
    })
    .sort((one, other) => one.score - other.score)
    .map(({ item }) => item);
}

/** How many choices are drawn; typing narrows them down. */
const MOST_SHOWN = 200;

/** A button that opens a list with a filter. Arrow keys, Enter and Escape work in it. */
export function Picker({
  label,
  choices,
  selected,
  onChoose,
  onClose,
  children,
  disabled = false,
  isBusy = false,
  keepsOpen = false,
  footer,
  ...look
}: {
  /** What is chosen, for screen readers, which then read what the button shows. */
  readonly label: string;
  readonly choices: readonly Choice[];
  readonly selected: readonly string[];
  onChoose(id: string): void;
  onClose?(): void;
  /** What the button shows. */
  readonly children: ComponentChildren;
  readonly disabled?: boolean;
  readonly isBusy?: boolean;
  /** Whether the list stays open after a choice. */
  readonly keepsOpen?: boolean;
  /** Shown below the list; pressing it closes the list. */
  readonly footer?: ComponentChildren;
  readonly class?: string;
}) {
  const [isOpen, setOpen] = useState(false);
  const [typed, setTyped] = useState("");
  const [active, setActive] = useState(0);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const listId = useId();
  const shown = bestMatches(choices, typed, ({ label: text, detail = "" }) => `${text} ${detail}`);
  const visible = shown.slice(0, MOST_SHOWN);

  const close = (returnsFocus: boolean) => {
    if (!isOpen) return;
    setOpen(false);
    if (returnsFocus) button.current?.focus();
    onClose?.();
  };
  const open = () => {
    setTyped("");
    setActive(
      Math.max(
        0,
        choices.findIndex(({ id }) => selected.includes(id)),
      ),
    );
    setOpen(true);
  };
  const choose = (choice: Choice | undefined) => {
    if (!choice) return;
    if (!keepsOpen) close(true);
    onChoose(choice.id);
  };
  useEffect(() => {
    if (isOpen)
      root.current
        ?.querySelector<HTMLElement>("[role=option][aria-current]")
        ?.scrollIntoView({ block: "nearest" });
  }, [isOpen, active, typed]);

  const onKeyDown = (event: KeyboardEvent) => {
    const last = visible.length - 1;
    if (event.key === "ArrowDown") setActive(active >= last ? 0 : active + 1);
    else if (event.key === "ArrowUp") setActive(active <= 0 ? last : active - 1);
    else if (event.key === "Enter") choose(visible[active]);
    else if (event.key === "Escape") close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      {...look}
      ref={root}
      class={`picker ${look.class ?? ""}`}
      onFocusOut={({ relatedTarget }) => {
        if (!root.current?.contains(relatedTarget as Node | null)) close(false);
      }}
    >
      <button
        ref={button}
        type="button"
        class="picker-button"
        aria-haspopup="listbox"
        aria-expanded={isOpen}
        aria-busy={isBusy}
        disabled={disabled}
        onClick={() => (isOpen ? close(true) : open())}
        onKeyDown={(event) => {
          if (event.key !== "ArrowDown" || isOpen) return;
          event.preventDefault();
          open();
        }}
      >
        <span class="hidden">{label} </span>
        {children}
      </button>
      {isOpen && (
        <div class="picker-list">
          <input
            ref={(element) => {
              if (element && !root.current?.querySelector(".picker-list :focus")) element.focus();
            }}
            role="combobox"
            aria-expanded="true"
            aria-controls={listId}
            aria-activedescendant={visible[active] ? `${listId}-${active}` : undefined}
            aria-label={`Search: ${label}`}
            placeholder="Search"
            value={typed}
            onInput={({ currentTarget }) => {
              setTyped(currentTarget.value);
              setActive(0);
            }}
            onKeyDown={onKeyDown}
          />
          <div class="choices" id={listId} role="listbox" aria-label={label}>
            {visible.map((choice, index) => (
              <>
                {choice.group !== undefined && choice.group !== visible[index - 1]?.group && (
                  <div class="group" role="presentation" key={`group ${choice.group}`}>
                    {choice.group}
                  </div>
                )}
                <div
                  key={choice.id}
                  id={`${listId}-${index}`}
                  role="option"
                  tabIndex={-1}
                  aria-selected={selected.includes(choice.id)}
                  aria-current={index === active ? "true" : undefined}
                  onMouseMove={() => setActive(index)}
                  onMouseDown={(event) => event.preventDefault()}
                  onMouseUp={() => choose(choice)}
                >
                  <span class="choice-label">{choice.label}</span>
                  {choice.detail && <span class="quiet">{choice.detail}</span>}
                  {choice.badge}
                </div>
              </>
            ))}
            {visible.length === 0 && <div class="quiet">Nothing matches.</div>}
          </div>
          {footer && <div class="picker-footer">{footer}</div>}
        </div>
      )}
    </div>
  );
}
