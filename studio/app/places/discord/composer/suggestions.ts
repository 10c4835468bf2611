import { useEffect, useState } from "preact/hooks";
import { call } from "../../../api/api.ts";
import type { Seat } from "../panes.ts";
import { bestMatches } from "../picker.tsx";
import { channels, guilds, nameOf, people, roles } from "../surroundings.ts";
import {
  type Entry,
  type Option,
  OptionType,
  problemOf,
  type Runnable,
  sentValue,
} from "./runnable.ts";

/** A value that can be chosen for an option. */
export interface Suggestion {
  readonly label: string;
  readonly detail?: string | undefined;
  readonly value: string | number | boolean;
}

/** What there is to choose for an option, without asking the application. */
function listed({ type, choices }: Option): readonly Suggestion[] {
  const users = () =>
    [...people.value.values()].map(({ id, username }) => ({
      label: `@${nameOf(id)}`,
      detail: username,
      value: id,
    }));
  const everyRole = () =>
    [...roles.value.values()].map(({ id, name }) => ({ label: `@${name}`, value: id }));
  switch (type) {
    case OptionType.boolean:
      return [
        { label: "True", value: true },
        { label: "False", value: false },
      ];
    case OptionType.user:
      return users();
    case OptionType.role:
      return everyRole();
    case OptionType.mentionable:
      return [...users(), ...everyRole()];
    case OptionType.channel:
      return [...channels.value.values()].map(({ id, name, guildId }) => ({
        label: `#${name}`,
        detail: guilds.value.get(guildId)?.name,
        value: id,
      }));
    default:
      return (choices ?? []).map(({ name, value }) => ({ label: name, value }));
  }
}

/** How long after the last keystroke the application is asked. */
const ASK_AFTER_MS = 150;
/** How many are shown. */
const MOST = 25;

/** Suggestions for the focused option, and why there are none if the application did not answer. */
export function useSuggestions(
  seat: Seat,
  command: Runnable,
  entries: Readonly<Record<string, Entry>>,
  option: Option | undefined,
): {
  readonly list: readonly Suggestion[];
  readonly problem: string | undefined;
  readonly isBusy: boolean;
} {
  const [asked, setAsked] = useState<{
    key: string;
    list: readonly Suggestion[];
    problem: string | undefined;
  }>({ key: "", list: [], problem: undefined });
  const asks = option?.autocomplete === true && entries[option.name]?.value === undefined;
  const values = Object.fromEntries(
    command.options.flatMap((each) => {
      const entry = entries[each.name];
      const isTyped = each.name === option?.name;
      if (!entry || entry.file || (!isTyped && problemOf(each, entry) !== undefined)) return [];
      return entry.text === "" && !isTyped
        ? []
        : [[each.name, isTyped ? entry.text : sentValue(each, entry)]];
    }),
  );
  const key = asks ? JSON.stringify([seat, command.name, values, option.name]) : "";
  useEffect(() => {
    if (key === "" || !option) return;
    let isCurrent = true;
    const timer = setTimeout(async () => {
      const show = (list: readonly Suggestion[], problem?: string) => {
        if (isCurrent) setAsked({ key, list, problem });
      };
      try {
        const use = { ...seat, name: command.name, options: values, focused: option.name };
        const { choices = [], failure } = await call("discord", "suggest", use);
        show(
          choices.map(({ name, value }) => ({ label: name, value })),
          failure,
        );
      } catch (error) {
        show([], error instanceof Error ? error.message : String(error));
      }
    }, ASK_AFTER_MS);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
    };
  }, [key]);
  if (!option || entries[option.name]?.value !== undefined)
    return { list: [], problem: undefined, isBusy: false };
  if (asks) return { list: asked.list, problem: asked.problem, isBusy: asked.key !== key };
  const typed = (entries[option.name]?.text ?? "").replace(/^[@#]/, "");
  return {
    list: bestMatches(listed(option), typed, ({ label }) => label).slice(0, MOST),
    problem: undefined,
    isBusy: false,
  };
}
