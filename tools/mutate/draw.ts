import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Choices } from "../../simulation/random/choices.ts";
import { placesInLua } from "./lua.ts";
import { type Equivalent, isSame, type Mutation, mutationOf, type Place } from "./place.ts";
import { placesInTypeScript } from "./typescript.ts";

/** Every place in these files that can be mutated. */
export function placesOf(files: readonly string[], project: string): Place[] {
  const scripts = files.filter((file) => file.endsWith(".lua"));
  const code = files.filter((file) => !file.endsWith(".lua"));
  return [
    ...scripts.flatMap((file) => placesInLua(file, readFileSync(join(project, file), "utf8"))),
    ...(code.length > 0 ? placesInTypeScript(code, project) : []),
  ];
}

/** All mutations of one place. */
export function mutationsAt({ file, changes }: Place, project: string): Mutation[] {
  const source = readFileSync(join(project, file), "utf8");
  return changes.map((change) => mutationOf(file, source, change));
}

/**
 * Selects mutations at random: each place is equally likely, and contributes at most one. The same seed selects
 * the same mutations of the same files.
 */
export function draw(
  places: readonly Place[],
  { count, seed, project }: { count: number; seed: number; project: string },
  equivalents: readonly Equivalent[],
): Mutation[] {
  const choices = new Choices(seed);
  const left = [...places];
  const drawn: Mutation[] = [];
  while (drawn.length < count && left.length > 0) {
    const [place] = left.splice(choices.whole("place", 0, left.length - 1), 1);
    const all = place ? mutationsAt(place, project) : [];
    const possible = all.filter((each) => !equivalents.some((known) => isSame(each, known)));
    const mutation = choices.oneOf("change", possible);
    if (mutation) drawn.push(mutation);
  }
  return drawn;
}
