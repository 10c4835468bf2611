import type { Stage } from "../cast.ts";
import { auctionScene } from "./auction.ts";
import { dropScene } from "./drop.ts";
import { packingScene } from "./packing.ts";
import { raceScene } from "./race.ts";
import { type SceneLink, type StagedScene, sceneSet } from "./set.ts";

/** Every scene, in the order of the list. */
export const stagedScenes: readonly StagedScene[] = [
  dropScene,
  auctionScene,
  raceScene,
  packingScene,
];

/** What a scene was set up as. */
export interface SetUpScene {
  /** What was done and drawn, in order. */
  readonly lines: readonly string[];
  /** Where to look. */
  readonly links: readonly SceneLink[];
}

/**
 * Sets up a scene on the cloud as it is. The same seed gives the same people, things and prices.
 * Throws when somebody is refused what the scene needs, with what they read.
 */
export async function setUpScene(
  stage: Stage,
  { name, seed }: { readonly name: string; readonly seed: number },
  onLine: (line: string) => void = () => undefined,
): Promise<SetUpScene> {
  const scene = stagedScenes.find((each) => each.name === name);
  if (!scene) throw new Error(`There is no scene "${name}".`);
  const lines: string[] = [];
  const set = sceneSet(stage, seed, (line) => {
    lines.push(line);
    onLine(line);
  });
  const links = await scene.setUp(set);
  await stage.cloud.settle();
  return { lines, links };
}
