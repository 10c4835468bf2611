#!lua flags=allow-key-locking
--[[
Closes an auction: when its time is over, the hammer drop; or now, as its seller asks. Again, it answers as the
first time.

KEYS   1  hash: the auction
       2  stream: its accepted bids
       3  sorted set: its bidders
       4… strings: the channels it is shown in
ARGV   1  auction id
       2  how many runners-up are asked for
       3  for how long Redis keeps a closed auction, in milliseconds
       4  due: only if its time is over; now: its time is over now; sell: the same, and it has no reserve any
          more, also when it has closed unsold
REPLY  open and the end in milliseconds; or sold, price, winner, bids, sequence number, the end in
       milliseconds, and for each runner-up bidder and amount; or unsold, price, leader, bids, sequence number,
       the end; or cancelled or void; missing alone when Redis does not have the auction

The time is Redis's own, as in bid.lua.
]]
local auction, bidders = KEYS[1], KEYS[3]
local id, runners_up, kept_for, how = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), ARGV[4]

local found = redis.call("HMGET", auction, "status", "terms", "state")
local status, terms, state = found[1], found[2], found[3]
if not status then
  return { "missing" }
end
if status == "cancelled" or status == "void" then
  return { status }
end
local seller, reserve, other_terms = string.match(terms, "^(%S+) (%S+) (.*)$")
local last_now, sequence, leader_sequence, ceiling, price, leader, least, ends_at, bids =
  string.match(state, "^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$")
reserve, price = tonumber(reserve), tonumber(price)
ends_at = tonumber(ends_at)

if status == "live" then
  local now = later_of(redis.call("TIME"), last_now)
  if now < ends_at then
    if how == "due" then
      return { "open", tostring(ends_at) }
    end
    ends_at = now
  end
  redis.call("HSET", auction, "status", "closed", "state", table.concat(
    { now, sequence, leader_sequence, ceiling, price, leader, least, ends_at, bids }, " "
  ))
  for key = 1, 3 do
    redis.call("PEXPIRE", KEYS[key], kept_for)
  end
  for key = 4, #KEYS do
    if redis.call("GET", KEYS[key]) == id then
      redis.call("DEL", KEYS[key])
    end
  end
end
if how == "sell" and reserve > 0 then
  reserve = 0
  redis.call("HSET", auction, "terms", table.concat({ seller, reserve, other_terms }, " "))
end
local amount = tostring(price)
if leader == "-" or price < reserve then
  return { "unsold", amount, leader, bids, sequence, tostring(ends_at) }
end
local reply = { "sold", amount, leader, bids, sequence, tostring(ends_at) }
-- Below the reserve it is sold to nobody, a runner-up neither.
local ranked = redis.call("ZREVRANGE", bidders, 0, runners_up, "WITHSCORES")
for place = 1, #ranked, 2 do
  local offered = math.floor(tonumber(ranked[place + 1]) / SEQUENCES)
  if ranked[place] ~= leader and offered >= reserve and #reply < 6 + 2 * runners_up then
    reply[#reply + 1] = ranked[place]
    reply[#reply + 1] = string.format("%.0f", offered)
  end
end
return reply
