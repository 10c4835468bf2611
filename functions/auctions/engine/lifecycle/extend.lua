#!lua flags=allow-key-locking
--[[
Moves the end of a running auction. Idempotent: a repeated operation changes nothing and replies with the same end.

KEYS   1  hash: the auction
ARGV   1  operation id
       2  by how much the end moves, in milliseconds; 0 to move it only to:
       3  the earliest end afterwards, in milliseconds; with 0 it was decided before, and Redis may have lost it
REPLY  the end in milliseconds; closed if it is closed, or if its time was over before it could move; cancelled or void; missing if Redis does not have the
       auction

The time is Redis's own, as in bid.lua.
]]
local auction, field = KEYS[1], "extended:" .. ARGV[1]

local found = redis.call("HMGET", auction, "status", "terms", "state", field)
local status, done = found[1], found[4]
if not status then
  return "missing"
end
if done then
  return done
end
if status ~= "live" then
  return status
end
local terms, state = decode_terms(found[2]), decode_state(found[3])
local by = tonumber(ARGV[2])
if by > 0 and later_of(redis.call("TIME"), state.now_ms) >= state.ends_at_ms then
  return "closed"
end
state.ends_at_ms = math.max(state.ends_at_ms + by, tonumber(ARGV[3]))
-- The time that counter-bids may still add does not change.
terms.latest_end_ms = math.max(terms.latest_end_ms + by, state.ends_at_ms)
local reply = string.format("%.0f", state.ends_at_ms)
redis.call(
  "HSET", auction, field, reply, "state", encode_state(state), "terms", encode_terms(terms)
)
return reply
