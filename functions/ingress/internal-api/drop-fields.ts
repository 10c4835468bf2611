import * as z from "zod/mini";
import {
  MAX_DESCRIPTION_LENGTH,
  MAX_LIMIT_PER_BUYER,
  MAX_PICTURES,
  MAX_PRICE,
  MAX_STOCK,
  MAX_TITLE_LENGTH,
  MIN_PRICE,
} from "../../shop/domain/drop.ts";
import { MAX_DAYS_AHEAD } from "../../shop/domain/opening-time.ts";

/* What a drop's builder decides, as routes read it. */

export const title = z.string().check(z.describe(`At most ${MAX_TITLE_LENGTH} characters`));

export const description = z
  .string()
  .check(z.describe(`At most ${MAX_DESCRIPTION_LENGTH} characters`));

export const price = z.int().check(z.gte(MIN_PRICE), z.lte(MAX_PRICE), z.describe("Minor units"));

export const quantity = z.int().check(z.gte(1), z.lte(MAX_STOCK));

export const limitPerBuyer = z
  .int()
  .check(
    z.gte(1),
    z.lte(MAX_LIMIT_PER_BUYER),
    z.describe("How many units one buyer may have in all"),
  );

export const opensAt = z.iso
  .datetime({ offset: true })
  .check(
    z.describe(
      `When a draft opens by itself: at most ${MAX_DAYS_AHEAD} days from now, with seconds and zone`,
    ),
  );

export const pictures = z
  .array(z.url({ protocol: /^https?$/ }))
  .check(
    z.maxLength(MAX_PICTURES),
    z.describe(
      "Addresses of PNG, JPEG, GIF or WebP files of up to 8 MB, which are copied to Discord",
    ),
  );
