-- Creates the environment of scripts: Redis's functions, the safe part of Lua's, and no writable
-- globals. Takes the host's functions by name; returns a function that compiles a script and one
-- that runs it.

local host = ...

local debug, error, loadstring, pcall, rawset, setfenv, setmetatable, tostring, type, xpcall =
  debug, error, loadstring, pcall, rawset, setfenv, setmetatable, tostring, type, xpcall

local READ_ONLY = "Attempt to modify a readonly table"
local SOURCE = "@user_script"

-- The contents of each read-only table.
local contents = setmetatable({}, { __mode = "k" })

local function read_only(values)
  local view = setmetatable({}, {
    __index = values,
    __newindex = function() error(READ_ONLY, 2) end,
    __metatable = false,
  })
  contents[view] = values
  return view
end

local function library(source, names)
  local values = {}
  for name in names:gmatch("%S+") do values[name] = source[name] end
  return read_only(values)
end

local globals = library(_G, [[assert collectgarbage error gcinfo getmetatable ipairs load loadstring
  next pairs rawequal rawget select tonumber tostring type unpack xpcall _VERSION]])
local values = contents[globals]
values._G = globals
values.string = library(string, [[byte char dump find format gfind gmatch gsub len lower match rep
  reverse sub upper]])
values.table = library(table, "concat foreach foreachi getn insert maxn remove setn sort")
values.math = library(math, [[abs acos asin atan atan2 ceil cos cosh deg exp floor fmod frexp huge
  ldexp log log10 max min mod modf pi pow rad random randomseed sin sinh sqrt tan tanh]])
values.coroutine = library(coroutine, "create resume running status wrap yield")
values.redis = read_only(host.redis)

-- Outside the script an error from Redis is a table; a script that catches it gets its text.
local function caught(ok, failure, ...)
  if not ok and type(failure) == "table" and type(failure.err) == "string" then
    return false, failure.err
  end
  return ok, failure, ...
end

function values.pcall(...)
  return caught(pcall(...))
end

function values.rawset(view, key, value)
  if contents[view] then error(READ_ONLY, 0) end
  return rawset(view, key, value)
end

function values.setmetatable(view, metatable)
  if contents[view] then error(READ_ONLY, 0) end
  return setmetatable(view, metatable)
end

setmetatable(values, {
  __index = function(_, name)
    error("Script attempted to access nonexistent global variable '" .. tostring(name) .. "'", 2)
  end,
})
getmetatable("").__metatable = false
setfenv(0, globals)

local function compile(script)
  return loadstring(script, SOURCE)
end

-- The line of the running script, searched outwards from where the error occurred.
local function located(failure)
  local level = 2
  local frame = debug.getinfo(level, "Sl")
  while frame and frame.source ~= SOURCE do
    level = level + 1
    frame = debug.getinfo(level, "Sl")
  end
  local message
  if type(failure) == "table" then
    message = type(failure.err) == "string" and failure.err or "ERR unknown error"
  else
    message = "ERR " .. tostring(failure)
  end
  return frame and message .. host.place(frame.currentline) or message
end

local function run(script, keys, arguments)
  values.KEYS, values.ARGV = keys, arguments
  return xpcall(script, located)
end

return compile, run
