/** `number`: a whole number, 0 or more; `text`: no spaces, "-" for none; `rest`: the remainder, always last. */
type Kind = "number" | "text" | "rest";
type Fields = Readonly<Record<string, Kind>>;

/** The values of a packed text, by field name. */
export type PackedValues<Packed extends Fields> = {
  readonly [Name in keyof Packed]: Packed[Name] extends "number" ? number : string;
};

/**
 * Defines values that are stored as one space-separated text, because each additional hash field makes every bid
 * slower. The encoders and decoders for both TypeScript and Lua are derived from this definition. In Lua,
 * `decode_<name>` turns a text into a table, `encode_<name>` turns a table into a text, and field names are snake_case.
 */
export function definePacked<const Packed extends Fields>(name: string, fields: Packed) {
  const names = Object.keys(fields);
  const pattern = new RegExp(`^${names.map((each) => patternOf(fields[each])).join(" ")}$`);
  return {
    lua: luaOf(name, fields),

    encode(values: PackedValues<Packed>): string {
      return names.map((each) => String(values[each])).join(" ");
    },

    /** Returns undefined if the text does not have this form. */
    decode(text: unknown): PackedValues<Packed> | undefined {
      const found = typeof text === "string" ? pattern.exec(text) : undefined;
      if (!found) return undefined;
      const values = names.map((each, index) => {
        const value = found[index + 1] ?? "";
        return [each, fields[each] === "number" ? Number(value) : value] as const;
      });
      // The pattern guarantees that every field matches its kind.
      return Object.fromEntries(values) as unknown as PackedValues<Packed>;
    },
  };
}

function patternOf(kind: Kind | undefined): string {
  if (kind === "number") return "(\\d{1,15})";
  return kind === "rest" ? "(.*)" : "(\\S+)";
}

function luaOf(name: string, fields: Fields): string {
  const entries = Object.entries(fields).map(
    ([field, kind]) => [`values.${toLuaName(field)}`, kind] as const,
  );
  const places = entries.map(([place]) => place).join(", ");
  const patterns = entries.map(([, kind]) => (kind === "rest" ? "(.*)" : "(%S+)")).join(" ");
  const numbers = entries.flatMap(([place, kind]) =>
    kind === "number" ? [`  ${place} = tonumber(${place})\n`] : [],
  );
  return `local function decode_${name}(text)
  local values = {}
  ${places} = string.match(text, "^${patterns}$")
${numbers.join("")}  return values
end

local function encode_${name}(values)
  return table.concat({ ${places} }, " ")
end

`;
}

function toLuaName(name: string): string {
  return name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`);
}
