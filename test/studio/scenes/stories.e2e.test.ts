import { expect, test } from "@jest/globals";
import { Player } from "../../../tools/reference/picture/studio/player.ts";
import { playStories } from "../../../tools/reference/picture/studio/stories.ts";
import { hasBrowser, useStudio } from "../support/studio.ts";

const studio = await useStudio({ environment: { BUILDER_APPROVAL: "staff" } });

if (hasBrowser) {
  test("a drop, a build live on stream, an auction and a race are played with the mouse alone", async () => {
    const player = new Player(await studio.open("/"), studio.visit);
    const played: string[] = [];
    await playStories(player, (story) => played.push(story));
    expect(played).toHaveLength(5);
    expect(player.tab.complaints).toEqual([]);
    await player.tab.close();
  });
}
