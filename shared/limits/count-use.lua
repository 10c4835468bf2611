#!lua flags=allow-key-locking
--[[
Counts one use of what a person may do so often in a window, unless they have done it that often; or
only says whether there is room for it. Sent twice with one id, it answers as the first time and counts once.

KEYS   1  sorted set: the ids of the uses that count, by when they were
ARGV   1  id of the use
       2  now, in milliseconds
       3  the window's length, in milliseconds
       4  how many uses a window has room for
       5  "count" to count it, "look" to change nothing
REPLY  one text: 0 when it counts, else from when on there is room, in milliseconds
]]
local uses, id = KEYS[1], ARGV[1]
local now, window, most = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])

if redis.call("ZSCORE", uses, id) then
  return "0"
end
redis.call("ZREMRANGEBYSCORE", uses, "-inf", string.format("%.0f", now - window))
local count = redis.call("ZCARD", uses)
if count >= most then
  -- Room comes when this one leaves the window: after it there are fewer than `most`.
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
