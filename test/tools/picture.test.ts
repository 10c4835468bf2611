import { expect, test } from "@jest/globals";
import { findChromium } from "../../local/chromium.ts";
import { makePicture } from "../../tools/reference/picture/index.ts";

const testWithChromium = findChromium() ? test : test.skip;

testWithChromium(
  "README's picture can be made of the running product, and is small enough",
  async () => {
    const picture = await makePicture();
    expect(picture.subarray(1, 4).toString()).toBe("PNG");
    expect(picture.length).toBeGreaterThan(100_000);
    expect(picture.length).toBeLessThan(300_000);
  },
);
