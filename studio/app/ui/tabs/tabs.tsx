import { place } from "../../shell/router.ts";
import "./tabs.css";

/** One part of a page. */
export interface Tab<Name extends string> {
  readonly name: Name;
  readonly title: string;
  /** How many things wait in it. */
  readonly count?: number;
}

/** The part that the address names, or the first one. */
export function currentTab<Name extends string>(tabs: readonly [Tab<Name>, ...Tab<Name>[]]): Name {
  const named = place.value.query.get("tab");
  return (tabs.find(({ name }) => name === named) ?? tabs[0]).name;
}

/** Links to the parts of a page, which the address names as `tab`. */
export function Tabs<Name extends string>({
  label,
  tabs,
}: {
  label: string;
  tabs: readonly [Tab<Name>, ...Tab<Name>[]];
}) {
  const current = currentTab(tabs);
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map(({ name, title, count }) => (
        <a key={name} href={`?tab=${name}`} aria-current={name === current ? "page" : undefined}>
          {title}
          {count !== undefined && count > 0 && <span class="count">{count}</span>}
        </a>
      ))}
    </nav>
  );
}
