import { ComponentType, everyComponent } from "../forms/components.ts";
import { lengthOf } from "../forms/form.ts";
import { fieldsOf, type Modal, type ModalField } from "../forms/modals.ts";
import type { Message } from "../state/records.ts";
import type { World } from "../state/world.ts";
import { type ChosenFile, ImpossibleError, Resolved } from "./command-data.ts";

/** What a user enters into one field of a modal. */
export type FieldValue = string | boolean | readonly string[] | readonly ChosenFile[];

/** Buttons with this style or a higher one open a link or a purchase and send no interaction. */
const LINK = 5;

/** The `data` of a button press or a select choice on a message. */
export function componentData(
  message: Message,
  customId: string,
  values: readonly string[] | undefined,
  world: World,
): object {
  const component = [...everyComponent(message.components)]
    .map((placed) => placed.component)
    .find((each) => each["custom_id"] === customId);
  if (!component) throw new ImpossibleError(`The message has no component ${customId}`);
  if (component["disabled"] === true) throw new ImpossibleError(`${customId} is disabled`);
  const type = Number(component["type"]);
  const common = { custom_id: customId, component_type: type, id: component["id"] ?? 1 };
  if (type === ComponentType.button) {
    if (Number(component["style"]) >= LINK)
      throw new ImpossibleError("A link button sends no interaction");
    return common;
  }
  const chosen = values ?? [];
  checkCount(component, chosen.length, customId);
  const resolved = resolve(type, component, chosen, world, message.channelId);
  return { ...common, values: chosen, ...resolved };
}

/** The `data` of a submitted modal, with every field as the client sends it. */
export function modalData(
  shown: Modal,
  values: Readonly<Record<string, FieldValue>>,
  world: World,
  channelId: string,
): object {
  const fields = fieldsOf(shown);
  const unknown = Object.keys(values).find(
    (name) => !fields.some(({ custom_id }) => custom_id === name),
  );
  if (unknown !== undefined) throw new ImpossibleError(`The modal has no field ${unknown}`);
  const resolved = new Resolved(world, world.directory.channel(channelId).kind === "guild");
  let nextId = 1;
  const components = shown.components.flatMap((component): object[] => {
    if (component.type === ComponentType.textDisplay) return [];
    const id = component.id ?? nextId++;
    if (component.type === ComponentType.label) {
      const field = component.component;
      const filled = fill(field, values[field.custom_id], resolved);
      return [{ type: component.type, id, component: { id: field.id ?? nextId++, ...filled } }];
    }
    const inner = component.components.map((field) => ({
      id: field.id ?? nextId++,
      ...fill(field, values[field.custom_id], resolved),
    }));
    return [{ type: component.type, id, components: inner }];
  });
  return { custom_id: shown.custom_id, components, ...resolved.json() };
}

function fill(field: ModalField, value: FieldValue | undefined, resolved: Resolved): object {
  const { type, custom_id } = field;
  const common = { type, custom_id };
  switch (type) {
    case ComponentType.textInput: {
      const text = value === undefined ? (field.value ?? "") : String(value);
      const length = lengthOf(text);
      const least = field.min_length ?? (field.required === false ? 0 : 1);
      const isTooShort = length < least && (length > 0 || field.required !== false);
      if (isTooShort || length > (field.max_length ?? 4000)) {
        throw new ImpossibleError(`${custom_id} is too short or too long`);
      }
      return { ...common, value: text };
    }
    case ComponentType.checkbox:
      return { ...common, value: value === undefined ? (field.default ?? false) : value === true };
    case ComponentType.radioGroup: {
      const chosen = value === undefined ? null : String(value);
      if (chosen === null && field.required !== false) {
        throw new ImpossibleError(`${custom_id} is required`);
      }
      if (chosen !== null) mustOffer(field, [chosen]);
      return { ...common, value: chosen };
    }
    case ComponentType.fileUpload: {
      const files = (Array.isArray(value) ? value : []) as readonly ChosenFile[];
      checkCount(field, files.length, custom_id);
      return { ...common, values: files.map((file) => resolved.file(file)) };
    }
    default: {
      const chosen = (Array.isArray(value) ? value : []) as readonly string[];
      checkCount(field, chosen.length, custom_id);
      if ("options" in field) mustOffer(field, chosen);
      else add(type, chosen, resolved);
      return { ...common, values: chosen };
    }
  }
}

function resolve(
  type: number,
  component: Readonly<Record<string, unknown>>,
  chosen: readonly string[],
  world: World,
  channelId: string,
): object {
  if (type === ComponentType.stringSelect) {
    mustOffer(component as { custom_id: string; options: { value: string }[] }, chosen);
    return {};
  }
  const resolved = new Resolved(world, world.directory.channel(channelId).kind === "guild");
  add(type, chosen, resolved);
  return resolved.json();
}

function add(type: number, chosen: readonly string[], resolved: Resolved): void {
  for (const id of chosen) {
    if (type === ComponentType.userSelect) resolved.user(id);
    else if (type === ComponentType.roleSelect) resolved.role(id);
    else if (type === ComponentType.channelSelect) resolved.channel(id);
    else resolved.valueOf(9, id);
  }
}

function mustOffer(
  { custom_id, options }: { custom_id: string; options: readonly { value: string }[] },
  chosen: readonly string[],
): void {
  const other = chosen.find((value) => !options.some((option) => option.value === value));
  if (other !== undefined) throw new ImpossibleError(`${custom_id} does not offer ${other}`);
}

function checkCount(
  component: { min_values?: unknown; max_values?: unknown; required?: unknown },
  count: number,
  customId: string,
): void {
  if (count === 0 && component.required === false) return;
  const least = Number(component.min_values ?? 1);
  const most = Number(component.max_values ?? 1);
  if (count < least || count > most) {
    throw new ImpossibleError(`${customId} takes from ${least} to ${most} values`);
  }
}
