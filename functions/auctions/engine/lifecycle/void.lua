#!lua flags=allow-key-locking
--[[
Takes back the result of a closed auction. Idempotent.

KEYS   1  hash: the auction
REPLY  void; live or cancelled if there is no result to take back; missing if Redis does not have the auction
]]
local auction = KEYS[1]

local status = redis.call("HGET", auction, "status")
if not status then
  return "missing"
end
if status == "closed" then
  redis.call("HSET", auction, "status", "void")
  return "void"
end
return status
