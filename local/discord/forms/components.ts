import * as z from "zod/mini";
import { integer, lengthOf, list, maybe, report, snowflake, text, webAddress } from "./form.ts";

// https://discord.com/developers/docs/components/reference
const MAX_CUSTOM_ID = 100;
const MAX_ROWS = 5;
const MAX_BUTTONS_PER_ROW = 5;
const MAX_LABEL = 80;
const MAX_BUTTON_URL = 512;
const MAX_OPTIONS = 25;
const MAX_OPTION_TEXT = 100;
const MAX_PLACEHOLDER = 150;
const MAX_COMPONENTS = 40;
const MAX_ALL_DISPLAYED_TEXT = 4000;
const MAX_SECTION_TEXTS = 3;
const MAX_GALLERY_ITEMS = 10;
const MAX_MEDIA_URL = 2048;

/** Component types by Discord's numbers. */
export const ComponentType = {
  actionRow: 1,
  button: 2,
  stringSelect: 3,
  textInput: 4,
  userSelect: 5,
  roleSelect: 6,
  mentionableSelect: 7,
  channelSelect: 8,
  section: 9,
  textDisplay: 10,
  thumbnail: 11,
  mediaGallery: 12,
  file: 13,
  separator: 14,
  container: 17,
  label: 18,
  fileUpload: 19,
  radioGroup: 21,
  checkboxGroup: 22,
  checkbox: 23,
} as const;

/** The styles of link buttons and of premium (purchase) buttons. */
const LINK = 5;
const PREMIUM = 6;

const id = maybe(integer(0, 2 ** 31 - 1));
/** A component's custom id. */
export const customId = text(MAX_CUSTOM_ID, 1);

const emoji = z.object({
  id: maybe(snowflake),
  name: maybe(z.string()),
  animated: maybe(z.boolean()),
});

const button = z
  .object({
    type: z.literal(ComponentType.button),
    id,
    style: integer(1, PREMIUM),
    label: maybe(text(MAX_LABEL)),
    emoji: maybe(emoji),
    custom_id: maybe(customId),
    url: maybe(webAddress(MAX_BUTTON_URL, ["http:", "https:", "discord:"])),
    sku_id: maybe(snowflake),
    disabled: maybe(z.boolean()),
  })
  .check((payload) => {
    const { style, label, emoji: picture, custom_id, url, sku_id } = payload.value;
    const required = style === LINK ? "url" : style === PREMIUM ? "sku_id" : "custom_id";
    const given = { custom_id, url, sku_id };
    if (!given[required])
      report(payload, [required], "BASE_TYPE_REQUIRED", "This field is required");
    for (const field of ["custom_id", "url", "sku_id"] as const) {
      if (field === required || !given[field]) continue;
      const message = `A button of this style cannot have a ${field}`;
      report(payload, [field], "BUTTON_COMPONENT_INVALID_FIELD", message);
    }
    if (style !== PREMIUM && !label && !picture) {
      const message = "A button must have a label or emoji";
      report(payload, [], "BUTTON_COMPONENT_LABEL_REQUIRED", message);
    }
  });

/** One choice of a select, a radio group or a checkbox group. */
const option = z.object({
  label: text(MAX_OPTION_TEXT, 1),
  value: text(MAX_OPTION_TEXT, 1),
  description: maybe(text(MAX_OPTION_TEXT)),
  emoji: maybe(emoji),
  default: maybe(z.boolean()),
});

/** A list of choices with unique values. */
export function options(max: number, min: number) {
  return list(option, max, min).check((payload) => {
    const seen = new Set<string>();
    for (const [index, { value }] of payload.value.entries()) {
      if (seen.has(value)) {
        const message = "The specified option value is already used";
        report(payload, [index, "value"], "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", message);
      }
      seen.add(value);
    }
  });
}

const selectFields = {
  id,
  custom_id: customId,
  placeholder: maybe(text(MAX_PLACEHOLDER)),
  min_values: maybe(integer(0, MAX_OPTIONS)),
  max_values: maybe(integer(1, MAX_OPTIONS)),
  required: maybe(z.boolean()),
  disabled: maybe(z.boolean()),
};
const defaults = maybe(list(z.object({ id: snowflake, type: z.string() }), MAX_OPTIONS));

/** The five kinds of select. */
export const selects = [
  z.object({
    type: z.literal(ComponentType.stringSelect),
    ...selectFields,
    options: options(MAX_OPTIONS, 1),
  }),
  z.object({
    type: z.literal([
      ComponentType.userSelect,
      ComponentType.roleSelect,
      ComponentType.mentionableSelect,
    ]),
    ...selectFields,
    default_values: defaults,
  }),
  z.object({
    type: z.literal(ComponentType.channelSelect),
    ...selectFields,
    default_values: defaults,
    channel_types: maybe(z.array(z.int())),
  }),
] as const;

const actionRow = z.object({
  type: z.literal(ComponentType.actionRow),
  id,
  components: list(
    z.discriminatedUnion("type", [button, ...selects]),
    MAX_BUTTONS_PER_ROW,
    1,
  ).check((payload) => {
    const selectIndex = payload.value.findIndex(({ type }) => type !== ComponentType.button);
    if (selectIndex < 0 || payload.value.length === 1) return;
    const message = "A select must be alone in its row";
    report(payload, [selectIndex], "COMPONENT_LAYOUT_WIDTH_EXCEEDED", message);
  }),
});

/** Text display, in component messages and in modals. */
export const textDisplay = z.object({
  type: z.literal(ComponentType.textDisplay),
  id,
  content: text(MAX_ALL_DISPLAYED_TEXT, 1),
});
const media = z.object({ url: webAddress(MAX_MEDIA_URL, ["http:", "https:", "attachment:"]) });
const described = { description: maybe(text(1024)), spoiler: maybe(z.boolean()) };
const thumbnail = z.object({ type: z.literal(ComponentType.thumbnail), id, media, ...described });
const section = z.object({
  type: z.literal(ComponentType.section),
  id,
  components: list(textDisplay, MAX_SECTION_TEXTS, 1),
  accessory: z.discriminatedUnion("type", [button, thumbnail]),
});
const mediaGallery = z.object({
  type: z.literal(ComponentType.mediaGallery),
  id,
  items: list(z.object({ media, ...described }), MAX_GALLERY_ITEMS, 1),
});
const file = z.object({
  type: z.literal(ComponentType.file),
  id,
  file: z.object({ url: webAddress(MAX_MEDIA_URL, ["attachment:"]) }),
  spoiler: maybe(z.boolean()),
});
const separator = z.object({
  type: z.literal(ComponentType.separator),
  id,
  divider: maybe(z.boolean()),
  spacing: maybe(integer(1, 2)),
});
const within = [actionRow, section, textDisplay, mediaGallery, file, separator] as const;
const container = z.object({
  type: z.literal(ComponentType.container),
  id,
  accent_color: maybe(integer(0, 0xff_ff_ff)),
  spoiler: maybe(z.boolean()),
  components: list(z.discriminatedUnion("type", [...within]), MAX_COMPONENTS, 1),
});

/**
 * The components of a message. Which ones a message may have depends on its flags: see
 * `checkComponents`.
 */
export const messageComponents = z
  .array(z.discriminatedUnion("type", [...within, container]))
  .check((payload) => {
    const seen = new Set<string>();
    for (const { path, component } of everyComponent(payload.value)) {
      const name = component["custom_id"];
      if (typeof name !== "string") continue;
      if (seen.has(name)) {
        const message = "Component custom id cannot be duplicated";
        report(payload, [...path, "custom_id"], "COMPONENT_CUSTOM_ID_DUPLICATED", message);
      }
      seen.add(name);
    }
  });

interface MessageFields {
  readonly content?: string | null | undefined;
  readonly embeds?: readonly unknown[] | null | undefined;
  readonly poll?: object | null | undefined;
  readonly components?: readonly object[] | null | undefined;
}

/**
 * Checks a message's components: action rows only or, for V2 messages, components without any other
 * content.
 * https://discord.com/developers/docs/components/reference#legacy-message-component-behavior
 */
export function checkComponents(payload: z.core.ParsePayload<MessageFields>, v2: boolean): void {
  const { components, ...rest } = payload.value;
  if (v2) {
    checkV2(payload, components ?? [], rest);
    return;
  }
  for (const [index, component] of (components ?? []).entries()) {
    if ((component as { type: number }).type === ComponentType.actionRow) continue;
    report(payload, ["components", index, "type"], "UNION_TYPE_CHOICES", "Must be an action row.");
  }
  if ((components?.length ?? 0) > MAX_ROWS) {
    const message = `Must be ${MAX_ROWS} or fewer in length.`;
    report(payload, ["components"], "BASE_TYPE_MAX_LENGTH", message);
  }
}

function checkV2(
  payload: z.core.ParsePayload<MessageFields>,
  components: readonly object[],
  { content, embeds, poll }: Omit<MessageFields, "components">,
): void {
  const forbidden = { content: content, embeds: embeds?.length, poll };
  for (const [field, value] of Object.entries(forbidden)) {
    if (!value) continue;
    const message = `The '${field}' field cannot be used when using MessageFlags.IS_COMPONENTS_V2`;
    report(payload, [field], "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", message);
  }
  const all = [...everyComponent(components)];
  if (all.length > MAX_COMPONENTS) {
    const message = `Must be ${MAX_COMPONENTS} or fewer components in total.`;
    report(payload, ["components"], "COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", message);
  }
  const shown = all
    .filter(({ component }) => component["type"] === ComponentType.textDisplay)
    .reduce((sum, { component }) => sum + lengthOf(String(component["content"])), 0);
  if (shown > MAX_ALL_DISPLAYED_TEXT) {
    const message = `Must be ${MAX_ALL_DISPLAYED_TEXT} or fewer characters of text in total.`;
    report(payload, ["components"], "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED", message);
  }
}

/** A component and its path in the form. */
interface Placed {
  readonly path: readonly PropertyKey[];
  readonly component: Readonly<Record<string, unknown>>;
}

/** Every component of a list, including nested ones, in display order. */
export function* everyComponent(
  components: readonly object[],
  path: readonly PropertyKey[] = [],
): Generator<Placed> {
  for (const [index, each] of components.entries()) {
    const component = each as Readonly<Record<string, unknown>>;
    const here = [...path, index];
    yield { path: here, component };
    const inside = component["components"];
    if (Array.isArray(inside)) yield* everyComponent(inside, [...here, "components"]);
    for (const field of ["accessory", "component"]) {
      const single = component[field];
      if (typeof single !== "object" || single === null) continue;
      for (const found of everyComponent([single])) {
        yield { ...found, path: [...here, field, ...found.path.slice(1)] };
      }
    }
  }
}
