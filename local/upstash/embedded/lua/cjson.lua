-- JSON for Redis's scripts. Takes the value that represents null; returns encode and decode. Errors
-- are raised at the line of the calling script, with Redis's texts.

local null = ...

local byte, char, find, format, gsub, sub =
  string.byte, string.char, string.find, string.format, string.gsub, string.sub
local concat, floor, next, tonumber, type = table.concat, math.floor, next, tonumber, type
local error, getinfo = error, debug.getinfo

local MAX_DEPTH = 1000
local SPARSE_RATIO = 2
local SPARSE_SAFE_LENGTH = 10

-- The stack beyond this file's own functions: the C function that wraps them, then its caller.
local function raise(...)
  local level = 2
  local own = getinfo(1, "S").source
  local frame = getinfo(level, "S")
  while frame.source == own or frame.what == "tail" do
    level = level + 1
    frame = getinfo(level, "S")
  end
  local caller = getinfo(level + 1, "Sl")
  local place = ""
  if caller and caller.currentline > 0 then
    place = caller.short_src .. ":" .. caller.currentline .. ": "
  end
  error(place .. format(...), 0)
end

local ESCAPES = {
  ['"'] = '\\"', ["\\"] = "\\\\", ["/"] = "\\/", ["\b"] = "\\b", ["\t"] = "\\t",
  ["\n"] = "\\n", ["\f"] = "\\f", ["\r"] = "\\r", ["\127"] = "\\u007f",
}
for code = 0, 31 do
  local control = char(code)
  ESCAPES[control] = ESCAPES[control] or format("\\u%04x", code)
end

local function encode_string(text)
  return '"' .. gsub(text, '[%c"\\/]', ESCAPES) .. '"'
end

local function encode_number(value)
  if value ~= value or value == 1 / 0 or value == -1 / 0 then
    raise("Cannot serialise number: must not be NaN or Inf")
  end
  return format("%.14g", value)
end

-- The highest index of a table whose keys are all positive integers; otherwise nil.
local function array_length(value)
  local highest, items = 0, 0
  for key in next, value do
    if type(key) ~= "number" or key <= 0 or floor(key) ~= key then return nil end
    if key > highest then highest = key end
    items = items + 1
  end
  if highest > items * SPARSE_RATIO and highest > SPARSE_SAFE_LENGTH then
    raise("Cannot serialise table: excessively sparse array")
  end
  return highest
end

local encode_value

local function encode_array(value, length, depth, out)
  out[#out + 1] = "["
  for index = 1, length do
    if index > 1 then out[#out + 1] = "," end
    encode_value(value[index], depth, out)
  end
  out[#out + 1] = "]"
end

local function encode_object(value, depth, out)
  out[#out + 1] = "{"
  local first = true
  for key, item in next, value do
    if not first then out[#out + 1] = "," end
    first = false
    local kind = type(key)
    if kind == "number" then
      out[#out + 1] = '"' .. encode_number(key) .. '":'
    elseif kind == "string" then
      out[#out + 1] = encode_string(key) .. ":"
    else
      raise("Cannot serialise %s: table key must be a number or string", kind)
    end
    encode_value(item, depth, out)
  end
  out[#out + 1] = "}"
end

function encode_value(value, depth, out)
  local kind = type(value)
  if kind == "string" then
    out[#out + 1] = encode_string(value)
  elseif kind == "number" then
    out[#out + 1] = encode_number(value)
  elseif kind == "boolean" then
    out[#out + 1] = value and "true" or "false"
  elseif value == nil or value == null then
    out[#out + 1] = "null"
  elseif kind == "table" then
    if depth + 1 > MAX_DEPTH then
      raise("Cannot serialise, excessive nesting (%d)", depth + 1)
    end
    local length = array_length(value)
    if length and length > 0 then
      encode_array(value, length, depth + 1, out)
    else
      encode_object(value, depth + 1, out)
    end
  else
    raise("Cannot serialise %s: type not supported", kind)
  end
end

local function encode(value)
  local out = {}
  encode_value(value, 0, out)
  return concat(out)
end

local PUNCTUATION = {
  ["{"] = "T_OBJ_BEGIN", ["}"] = "T_OBJ_END", ["["] = "T_ARR_BEGIN",
  ["]"] = "T_ARR_END", [","] = "T_COMMA", [":"] = "T_COLON",
}

local UNESCAPES = {
  ['"'] = '"', ["\\"] = "\\", ["/"] = "/", b = "\b", f = "\f", n = "\n", r = "\r", t = "\t",
}

local function utf8(code)
  if code < 0x80 then return char(code) end
  local tail = char(0x80 + code % 0x40)
  code = floor(code / 0x40)
  if code < 0x20 then return char(0xC0 + code) .. tail end
  tail = char(0x80 + code % 0x40) .. tail
  code = floor(code / 0x40)
  if code < 0x10 then return char(0xE0 + code) .. tail end
  return char(0xF0 + floor(code / 0x40), 0x80 + code % 0x40) .. tail
end

-- The character of a \u escape and the length of the escape, or nil.
local function unicode(text, at)
  local _, _, digits = find(text, "^\\u(%x%x%x%x)", at)
  if not digits then return nil end
  local code = tonumber(digits, 16)
  if code < 0xD800 or code > 0xDFFF then return utf8(code), 6 end
  if code > 0xDBFF then return nil end
  _, _, digits = find(text, "^\\u(%x%x%x%x)", at + 6)
  local low = digits and tonumber(digits, 16)
  if not low or low < 0xDC00 or low > 0xDFFF then return nil end
  return utf8(0x10000 + (code - 0xD800) * 0x400 + low - 0xDC00), 12
end

-- A token consists of its kind, its start, the start of the next one, and its value.
local function string_token(text, start)
  local parts = {}
  local at = start + 1
  while true do
    local _, stop = find(text, '^[^"\\%z]*', at)
    parts[#parts + 1] = sub(text, at, stop)
    at = stop + 1
    local mark = sub(text, at, at)
    if mark == '"' then return "T_STRING", start, at + 1, concat(parts) end
    if mark ~= "\\" then return "unexpected end of string", at end
    local escape = sub(text, at + 1, at + 1)
    local value, length = UNESCAPES[escape], 2
    if escape == "u" then
      value, length = unicode(text, at)
      if not value then return "invalid unicode escape code", at end
    elseif not value then
      return "invalid escape code", at
    end
    parts[#parts + 1] = value
    at = at + length
  end
end

local function number_token(text, start)
  local _, stop = find(text, "^[+-]?0[xX]%x+", start)
  if not stop then
    _, stop = find(text, "^[+-]?%d+%.?%d*", start)
    if not stop then _, stop = find(text, "^[+-]?%.%d+", start) end
    if stop then
      local _, exponent = find(text, "^[eE][+-]?%d+", stop + 1)
      stop = exponent or stop
    end
  end
  if stop then
    local digits = gsub(sub(text, start, stop), "^%+", "")
    return "T_NUMBER", start, stop + 1, tonumber(digits)
  end
  local _, last, sign = find(text, "^([+-]?)[iI][nN][fF]", start)
  if last then return "T_NUMBER", start, last + 1, sign == "-" and -1 / 0 or 1 / 0 end
  _, last = find(text, "^[+-]?[nN][aA][nN]", start)
  if last then return "T_NUMBER", start, last + 1, -(0 / 0) end
  return "invalid number", start
end

local function next_token(text, from)
  local _, blank = find(text, "^[ \t\r\n]*", from)
  local at = blank + 1
  local first = byte(text, at)
  if not first or first == 0 then return "T_END", at end
  local mark = char(first)
  if PUNCTUATION[mark] then return PUNCTUATION[mark], at, at + 1 end
  if mark == '"' then return string_token(text, at) end
  if mark == "-" or find(mark, "%d") then return number_token(text, at) end
  if sub(text, at, at + 3) == "true" then return "T_BOOLEAN", at, at + 4, true end
  if sub(text, at, at + 4) == "false" then return "T_BOOLEAN", at, at + 5, false end
  if sub(text, at, at + 3) == "null" then return "T_NULL", at, at + 4, null end
  if mark == "+" or find(text, "^[iI][nN][fF]", at) or find(text, "^[nN][aA][nN]", at) then
    return number_token(text, at)
  end
  return "invalid token", at
end

local function unexpected(wanted, kind, at)
  raise("Expected %s but found %s at character %d", wanted, kind, at)
end

local function descend(depth, after)
  if depth + 1 > MAX_DEPTH then
    raise("Found too many nested data structures (%d) at character %d", depth + 1, after - 1)
  end
  return depth + 1
end

local decode_value

local function decode_object(text, after, depth)
  local object = {}
  local kind, at, stop, key = next_token(text, after)
  if kind == "T_OBJ_END" then return object, stop end
  while true do
    if kind ~= "T_STRING" then unexpected("object key string", kind, at) end
    kind, at, stop = next_token(text, stop)
    if kind ~= "T_COLON" then unexpected("colon", kind, at) end
    object[key], stop = decode_value(text, depth, next_token(text, stop))
    kind, at, stop = next_token(text, stop)
    if kind == "T_OBJ_END" then return object, stop end
    if kind ~= "T_COMMA" then unexpected("comma or object end", kind, at) end
    kind, at, stop, key = next_token(text, stop)
  end
end

local function decode_array(text, after, depth)
  local array = {}
  local kind, at, stop, value = next_token(text, after)
  if kind == "T_ARR_END" then return array, stop end
  for index = 1, 1 / 0 do
    array[index], stop = decode_value(text, depth, kind, at, stop, value)
    kind, at, stop = next_token(text, stop)
    if kind == "T_ARR_END" then return array, stop end
    if kind ~= "T_COMMA" then unexpected("comma or array end", kind, at) end
    kind, at, stop, value = next_token(text, stop)
  end
end

function decode_value(text, depth, kind, at, stop, value)
  if kind == "T_STRING" or kind == "T_NUMBER" or kind == "T_BOOLEAN" or kind == "T_NULL" then
    return value, stop
  end
  if kind == "T_OBJ_BEGIN" then return decode_object(text, stop, descend(depth, stop)) end
  if kind == "T_ARR_BEGIN" then return decode_array(text, stop, descend(depth, stop)) end
  unexpected("value", kind, at)
end

local function decode(text)
  if #text >= 2 and find(sub(text, 1, 2), "%z") then
    raise("JSON parser does not support UTF-16 or UTF-32")
  end
  local value, after = decode_value(text, 0, next_token(text, 1))
  local kind, at = next_token(text, after)
  if kind ~= "T_END" then unexpected("the end", kind, at) end
  return value
end

return encode, decode
