import { expect, test } from "@jest/globals";
import { vodLinkAt } from "../../../../functions/going-live/domain/vod.ts";

const url = "https://www.twitch.tv/videos/1";

test.each([
  [0, "0h00m00s"],
  [59_999, "0h00m59s"],
  [60_000, "0h01m00s"],
  [3_599_000, "0h59m59s"],
  [3_723_999, "1h02m03s"],
  [36_000_000, "10h00m00s"],
  [-5000, "0h00m00s"],
])("a proof %d ms into the stream links to %s of its video", (offsetMs, moment) => {
  expect(vodLinkAt(url, offsetMs)).toBe(`${url}?t=${moment}`);
});
