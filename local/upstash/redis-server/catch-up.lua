-- Reduces the remaining time of every key that expires, and deletes those with no time left.
-- ARGV[1]: milliseconds by which the local clock has moved ahead of Redis's own since the last call
-- REPLY: nothing
local aheadMs = tonumber(ARGV[1])
for _, key in ipairs(redis.call("KEYS", "*")) do
  local leftMs = redis.call("PTTL", key)
  if leftMs >= 0 then
    redis.call("PEXPIRE", key, leftMs - aheadMs)
  end
end
