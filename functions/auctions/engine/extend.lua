#!lua flags=allow-key-locking
--[[
Moves the end of a running auction. The same operation again changes nothing and gives the same end.

KEYS   1  hash: the auction
ARGV   1  operation id
       2  by how much the end moves, in milliseconds; 0 to move it no further than:
       3  the end that it has at the least afterwards, in milliseconds
REPLY  the end in milliseconds; closed when its time is over; cancelled or void; missing when Redis does not
       have the auction

The time is Redis's own, as in bid.lua.
]]
local auction, field = KEYS[1], "extended:" .. ARGV[1]

local found = redis.call("HMGET", auction, "status", "terms", "state", field)
local status, terms, state, done = found[1], found[2], found[3], found[4]
if not status then
  return "missing"
end
if done then
  return done
end
if status ~= "live" then
  return status
end
local before, ends_at, bids = string.match(state, "^(.*) (%d+) (%d+)$")
local seller, reserve, counter_bid, latest_end, others =
  string.match(terms, "^(%S+) (%S+) (%S+) (%S+) (.*)$")
if later_of(redis.call("TIME"), string.match(state, "^%d+")) >= tonumber(ends_at) then
  return "closed"
end
local by = tonumber(ARGV[2])
local moved = math.max(tonumber(ends_at) + by, tonumber(ARGV[3]))
-- What counter-bids may add stays what it was.
latest_end = math.max(tonumber(latest_end) + by, moved)
local reply = string.format("%.0f", moved)
redis.call(
  "HSET", auction, field, reply,
  "state", table.concat({ before, reply, bids }, " "),
  "terms", table.concat({ seller, reserve, counter_bid, string.format("%.0f", latest_end), others }, " ")
)
return reply
