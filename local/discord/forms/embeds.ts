import * as z from "zod/mini";
import { integer, lengthOf, list, maybe, report, text, webAddress } from "./form.ts";

// https://discord.com/developers/docs/resources/message#embed-object-embed-limits
const MAX_EMBEDS = 10;
const MAX_FIELDS = 25;
const MAX_TITLE = 256;
const MAX_DESCRIPTION = 4096;
const MAX_FIELD_NAME = 256;
const MAX_FIELD_VALUE = 1024;
const MAX_FOOTER = 2048;
const MAX_AUTHOR = 256;
const MAX_ALL_TEXT = 6000;

const MAX_URL = 2048;
const MAX_COLOUR = 0xff_ff_ff;

const link = webAddress(MAX_URL);
const picture = webAddress(MAX_URL, ["http:", "https:", "attachment:"]);
const pictureObject = z.object({ url: picture });

const embed = z.object({
  title: maybe(text(MAX_TITLE)),
  description: maybe(text(MAX_DESCRIPTION)),
  url: maybe(link),
  timestamp: maybe(
    z.string().check((payload) => {
      if (Number.isNaN(Date.parse(payload.value))) {
        report(payload, [], "DATE_TIME_TYPE_PARSE", "Could not parse. Should be ISO8601.");
      }
    }),
  ),
  color: maybe(integer(0, MAX_COLOUR)),
  footer: maybe(z.object({ text: text(MAX_FOOTER, 1), icon_url: maybe(picture) })),
  image: maybe(pictureObject),
  thumbnail: maybe(pictureObject),
  author: maybe(
    z.object({ name: text(MAX_AUTHOR, 1), url: maybe(link), icon_url: maybe(picture) }),
  ),
  fields: maybe(
    list(
      z.object({
        name: text(MAX_FIELD_NAME, 1),
        value: text(MAX_FIELD_VALUE, 1),
        inline: maybe(z.boolean()),
      }),
      MAX_FIELDS,
    ),
  ),
});
type Embed = z.infer<typeof embed>;

/** A message's embeds; limits apply to each embed and to all of them together. */
export const embeds = list(embed, MAX_EMBEDS).check((payload) => {
  let length = 0;
  for (const [index, each] of payload.value.entries()) {
    length += textLength(each);
    if (length > MAX_ALL_TEXT) {
      const message = `Embed size exceeds maximum size of ${MAX_ALL_TEXT}`;
      report(payload, [index], "MAX_EMBED_SIZE_EXCEEDED", message);
      return;
    }
  }
});

function textLength(each: Embed): number {
  const fields = each.fields?.flatMap((field) => [field.name, field.value]) ?? [];
  const texts = [each.title, each.description, each.footer?.text, each.author?.name, ...fields];
  return texts.reduce((sum, value) => sum + lengthOf(value ?? ""), 0);
}
