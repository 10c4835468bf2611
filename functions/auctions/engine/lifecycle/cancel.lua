#!lua flags=allow-key-locking
--[[
Ends a running auction without a winner. Idempotent.

KEYS   1  hash: the auction
       2  stream: its accepted bids
       3… strings: the channels that show it
ARGV   1  auction id
       2  how long Redis keeps the auction from now on, in milliseconds
REPLY  cancelled; closed or void if it is too late; missing if Redis does not have the auction
]]
local auction, id, kept_for = KEYS[1], ARGV[1], tonumber(ARGV[2])

local status = redis.call("HGET", auction, "status")
if not status then
  return "missing"
end
if status == "closed" or status == "cancelled" or status == "void" then
  return status
end
redis.call("HSET", auction, "status", "cancelled")
for key = 1, 2 do
  redis.call("PEXPIRE", KEYS[key], kept_for)
end
for key = 3, #KEYS do
  if redis.call("GET", KEYS[key]) == id then
    redis.call("DEL", KEYS[key])
  end
end
return "cancelled"
