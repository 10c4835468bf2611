import type { SCENES } from "../../../tools/cli/commands.ts";
import { seededRandom } from "../../kit/faults.ts";
import { actors } from "../actors/actors.ts";
import { shopping } from "../actors/shopping.ts";
import { people, type Stage } from "../cast.ts";
import type { Timeline } from "../timeline.ts";

/** Where to look at a scene: a place of the studio, or an address of the local cloud. */
export interface SceneLink {
  readonly label: string;
  readonly href: string;
}

/** A scene that can be set up on any state of the local cloud. */
export interface StagedScene {
  readonly name: (typeof SCENES)[number];
  readonly title: string;
  /** What is there afterwards. */
  readonly does: string;
  /** Sets it up. Throws when somebody is refused. */
  setUp(set: SceneSet): Promise<readonly SceneLink[]>;
}

/** What a scene is set up with. */
export type SceneSet = ReturnType<typeof sceneSet>;

/** People who act on a stage, and the draws of one seed. `report` receives each action. */
export function sceneSet(stage: Stage, seed: number, report: (line: string) => void) {
  const narrator: Pick<Timeline, "does" | "printEvents"> = {
    does: (who, what) => report(`${who} ${what}`),
    printEvents: () => stage.cloud.settle(),
  };
  return {
    stage,
    narrator,
    report,
    draw: new Draws(seed),
    act: actors(stage, narrator),
    shop: shopping(stage, narrator),
    /** Advances the clock second by second, with all that is due. */
    async passes(seconds: number): Promise<void> {
      for (let left = seconds; left > 0; left -= 1) {
        await stage.cloud.settle();
        await stage.cloud.clock.advance(1_000);
      }
      await stage.cloud.settle();
    },
    /** Throws with what somebody reads, unless it contains these words. */
    requires(text: string, words: string): void {
      if (!text.includes(words)) throw new Error(text === "" ? `Nobody read "${words}".` : text);
    },
  };
}

/** The details of a scene, which follow from its seed alone. */
class Draws {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = seededRandom(seed);
  }

  /** A whole number from `least` to `most`. */
  whole(least: number, most: number): number {
    return least + Math.floor(this.#random() * (most - least + 1));
  }

  /** One of several. */
  oneOf<const Item>(items: readonly [Item, ...Item[]]): Item {
    return items[this.whole(0, items.length - 1)] ?? items[0];
  }

  /** Some of several, in a drawn order. */
  some<Item>(items: readonly Item[], count: number): Item[] {
    return items
      .map((item) => ({ item, at: this.#random() }))
      .sort((one, other) => one.at - other.at)
      .slice(0, count)
      .map(({ item }) => item);
  }
}

/** What one person sees of a channel, in the studio. */
export function paneOf(label: string, who: keyof typeof people, channelId: string): SceneLink {
  return panesOf(label, [who], channelId);
}

/** What several people see of a channel, side by side. */
export function panesOf(
  label: string,
  all: readonly (keyof typeof people)[],
  channelId: string,
): SceneLink {
  const panes = all.map((who) => `pane=${people[who]}:${channelId}`);
  return { label, href: `/discord?${panes.join("&")}` };
}
