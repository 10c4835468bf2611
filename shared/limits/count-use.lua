#!lua flags=allow-key-locking
--[[
Counts one use against a limit in a sliding window, or only checks whether the limit has room for it.
Idempotent: a second call with the same id replies like the first and counts once.

KEYS   1  sorted set: the ids of the counted uses, by time
ARGV   1  id of the use
       2  now, in milliseconds
       3  length of the window, in milliseconds
       4  how many uses a window allows
       5  "count" to count the use, "look" to change nothing
REPLY  a text: 0 if the use is allowed, otherwise the time at which there is room, in milliseconds
]]
local uses, id = KEYS[1], ARGV[1]
local now, window, most = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

if redis.call("ZSCORE", uses, id) then
  return "0"
end
redis.call("ZREMRANGEBYSCORE", uses, "-inf", string.format("%.0f", now - window))
local count = redis.call("ZCARD", uses)
if count >= most then
  -- There is room once this use leaves the window: then fewer than `most` remain.
  local place = count - most
  local leaving = redis.call("ZRANGE", uses, place, place, "WITHSCORES")
  return string.format("%.0f", tonumber(leaving[2]) + window)
end
if ARGV[5] == "look" then
  return "0"
end
redis.call("ZADD", uses, string.format("%.0f", now), id)
redis.call("PEXPIRE", uses, string.format("%.0f", window))
return "0"
