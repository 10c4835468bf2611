--[[
Opens an auction, or restores one that Redis has lost. An auction that is there, and not behind the
state that is given, is left as it is.

KEYS   1  hash: the auction
       2  stream: its accepted bids
       3… strings: the channels it is shown in, each holding its auction's id
ARGV   1  auction id
       2  sequence number of the state that is given
       3… fields of the hash and their values
REPLY  opened, already; busy and the other auction's id
]]
local auction, stream = KEYS[1], KEYS[2]
local id, sequence = ARGV[1], tonumber(ARGV[2])

local there = redis.call("HGET", auction, "sequence")
if there and tonumber(there) >= sequence then
  return { "already" }
end
for key = 3, #KEYS do
  local other = redis.call("GET", KEYS[key])
  if other and other ~= id then
    return { "busy", other }
  end
end
redis.call("DEL", auction, stream)
redis.call("HSET", auction, "sequence", ARGV[2], unpack(ARGV, 3))
for key = 3, #KEYS do
  redis.call("SET", KEYS[key], id)
end
return { "opened" }
