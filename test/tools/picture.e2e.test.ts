import { expect, test } from "@jest/globals";
import { findChromium } from "../../local/browser/chromium.ts";
import { makePictures } from "../../tools/reference/picture/index.ts";
import { makeShippingPictures } from "../../tools/reference/picture/shipping.ts";

const chromium = findChromium();
const testWithChromium = chromium ? test : test.skip;

testWithChromium(
  "README's picture can be made of the running product, and is small enough",
  async () => {
    const { "c500-live": picture } = await makePictures();
    expect(picture.subarray(1, 4).toString()).toBe("PNG");
    expect(picture.length).toBeGreaterThan(100_000);
    expect(picture.length).toBeLessThan(300_000);
  },
);

testWithChromium("the pictures of shipping can be made of it as well, each small", async () => {
  const pictures = await makeShippingPictures(chromium ?? "");
  for (const picture of Object.values(pictures)) {
    expect(picture.subarray(1, 4).toString()).toBe("PNG");
    expect(picture.length).toBeGreaterThan(30_000);
    expect(picture.length).toBeLessThan(150_000);
  }
});
