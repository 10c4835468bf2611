import { type Person, people, type Stage } from "../demo/cast.ts";
import { type SceneLink, type SceneSet, sceneSet } from "../demo/staged/set.ts";

/** An option of a trigger, given as text. */
interface TriggerOption {
  /** What the help calls its value, such as ORDER. */
  readonly value: string;
  readonly does: string;
}

/** What happened, and where to see it. */
export interface Triggered {
  readonly said: string;
  readonly links: readonly SceneLink[];
}

/** One event that can be made in the running local cloud. */
export interface Trigger {
  readonly name: string;
  /** One sentence, without a capital letter or a full stop. */
  readonly does: string;
  readonly options: Readonly<Record<string, TriggerOption>>;
  /** Makes it. Throws with the reason when it is not possible. */
  run(event: TriggerSet): Promise<Triggered>;
}

/** What a trigger works with: a stage with acting people, and its options. */
export interface TriggerSet extends SceneSet {
  /** An option's text; undefined when it was not given. */
  option(name: string): string | undefined;
  /** An amount in minor units from an option such as "12.50". Throws when it is no amount. */
  cents(name: string, otherwise: number): number;
  /** One of the demo's people, by name. Throws for an unknown one. */
  person(name: string, otherwise: Person): Person;
  /** The option `data`: more fields as a JSON object. Throws when it is none. */
  data(): Readonly<Record<string, unknown>>;
}

/** Prepares a trigger's run on a stage. */
export function triggerSet(
  stage: Stage,
  options: Readonly<Record<string, string | undefined>>,
): TriggerSet {
  const option = (name: string) => options[name] || undefined;
  return {
    ...sceneSet(stage, stage.cloud.clock.nowMs(), () => undefined),
    option,
    cents(name, otherwise) {
      const text = option(name);
      if (text === undefined) return otherwise;
      if (!/^\$?\d+(\.\d\d)?$/.test(text)) {
        throw new Error(`"${text}" is no amount: --${name} is a number such as 25 or 12.50.`);
      }
      return Math.round(Number(text.replace("$", "")) * 100);
    },
    person(name, otherwise) {
      const text = option(name) ?? otherwise;
      const found = personNames.find((each) => each === text);
      if (!found) throw new Error(`There is no "${text}". Choose of ${personNames.join(", ")}.`);
      return found;
    },
    data() {
      const text = option("data") ?? "{}";
      try {
        const parsed: unknown = JSON.parse(text);
        if (isObject(parsed)) return parsed;
      } catch {
        // Not JSON.
      }
      throw new Error(`--data is a JSON object, not ${text}`);
    },
  };
}

const personNames = Object.keys(people) as readonly Person[];

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
