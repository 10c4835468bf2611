#!lua flags=allow-key-locking
--[[
Takes back the result of an auction that has closed. Again, it answers as the first time.

KEYS   1  hash: the auction
REPLY  void; live or cancelled when there is no result to take back; missing when Redis does not have
       the auction
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
