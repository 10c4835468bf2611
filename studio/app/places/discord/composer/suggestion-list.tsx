import { useEffect, useRef } from "preact/hooks";

/** The list above the composer: commands, or values for an option. The focus stays in the input. */
export function SuggestionList({
  id,
  label,
  items,
  active,
  none,
  onActive,
  onChoose,
}: {
  readonly id: string;
  readonly label: string;
  readonly items: readonly {
    readonly label: string;
    readonly detail?: string | undefined;
    readonly note?: string | undefined;
  }[];
  readonly active: number;
  /** Shown when there are none. */
  readonly none: string;
  onActive(index: number): void;
  onChoose(index: number): void;
}) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView({ block: "nearest" });
  }, [active, items.length]);
  return (
    <div ref={list} id={id} class="suggestions" role="listbox" aria-label={label}>
      {items.map((item, index) => (
        <div
          key={`${index} ${item.label}`}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          onMouseMove={() => onActive(index)}
          onMouseDown={(event) => event.preventDefault()}
          onMouseUp={() => onChoose(index)}
        >
          <span class="choice-label">{item.label}</span>
          {item.note && <code>{item.note}</code>}
          {item.detail && <span class="quiet">{item.detail}</span>}
        </div>
      ))}
      {items.length === 0 && <div class="quiet">{none}</div>}
    </div>
  );
}
