#!lua flags=allow-key-locking
--[[
Takes all bids of one bidder out of a running auction. Who leads then, and at what price, follows from how high
the others have gone: the highest of them leads, at one step above the next of them, at the start price when
there is none, and never above the price before. The end stays. The same operation again changes nothing and
answers the same.

KEYS   1  hash: the auction
       2  stream: its accepted bids
       3  sorted set: its bidders
ARGV   1  operation id
       2  the bidder
       3  the start price, in minor units
REPLY  removed; none when they have no bid in it; closed when its time is over; cancelled or void; torn as in
       bid.lua; missing when Redis does not have the auction

The stream gets an entry of the kind "removal", with a sequence number of its own.
]]
local auction, stream, bidders = KEYS[1], KEYS[2], KEYS[3]
local id, removed, start_price = ARGV[1], ARGV[2], tonumber(ARGV[3])

local found = redis.call("HMGET", auction, "status", "terms", "state", "removed:" .. id)
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
local reserve, increments = string.match(terms, "^%S+ (%S+) %S+ %S+ %S+ (.*)$")
local now, sequence, leader_sequence, ceiling, price, leader, least, ends_at, bids =
  string.match(state, "^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$")
reserve, sequence, price = tonumber(reserve), tonumber(sequence), tonumber(price)
ceiling, leader_sequence = tonumber(ceiling), tonumber(leader_sequence)
now = later_of(redis.call("TIME"), now)
if now >= tonumber(ends_at) then
  return "closed"
end
if sequence ~= sequence_of(redis.call("XREVRANGE", stream, "+", "-", "COUNT", 1)[1]) then
  return "torn"
end
if not redis.call("ZSCORE", bidders, removed) then
  return "none"
end

redis.call("ZREM", bidders, removed)
if leader == removed then
  leader, ceiling, leader_sequence = "-", 0, 0
end
-- The leader's place there is the price; of all others it is how high they have gone.
local second = 0
local ranked = redis.call("ZREVRANGE", bidders, 0, 1, "WITHSCORES")
for place = 1, #ranked, 2 do
  local highest = math.floor(tonumber(ranked[place + 1]) / SEQUENCES)
  if leader == "-" then
    leader, ceiling = ranked[place], highest
    leader_sequence = SEQUENCES - 1 - (tonumber(ranked[place + 1]) - highest * SEQUENCES)
  elseif ranked[place] ~= leader then
    second = math.max(second, highest)
  end
end
if leader == "-" then
  price, least = 0, start_price
else
  local due = second > 0 and math.min(ceiling, next_after(increments, second)) or start_price
  price = math.min(price, math.max(due, start_price))
  if ceiling >= reserve then
    price = math.max(price, reserve)
  end
  least = next_after(increments, price)
  redis.call("ZADD", bidders, score(price, leader_sequence), leader)
end
sequence = sequence + 1
local after = table.concat(
  { now, sequence, leader_sequence, ceiling, price, leader, least, ends_at, bids }, " "
)
redis.call(
  "XADD", stream, sequence .. "-0",
  "bid", table.concat({ id, "removal", removed, 0, 0, "-" }, " "), "state", after
)
redis.call("HSET", auction, "state", after, "removed:" .. id, "removed")
redis.call("HDEL", auction, "board_at")
return "removed"
