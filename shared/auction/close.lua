#!lua flags=allow-key-locking
--[[
Closes an auction whose time is over: the hammer drop. Again, it answers as the first time.

KEYS   1  hash: the auction
       2  stream: its accepted bids
       3  sorted set: its bidders
       4… strings: the channels it is shown in
ARGV   1  auction id
       2  now, in milliseconds
       3  how many runners-up are asked for
       4  for how long Redis keeps a closed auction, in milliseconds
REPLY  open and the end in milliseconds; or sold, price, winner, bids, sequence number, and for each
       runner-up bidder and amount; or unsold, price, leader, bids, sequence number; or cancelled or
       void; missing alone when Redis does not have the auction
]]
local auction, bidders = KEYS[1], KEYS[3]
local id, now = ARGV[1], tonumber(ARGV[2])
local runners_up, kept_for = tonumber(ARGV[3]), tonumber(ARGV[4])
local SEQUENCES = 4194304

local found = redis.call("HMGET", auction, "status", "terms", "state")
local status, terms, state = found[1], found[2], found[3]
if not status then
  return { "missing" }
end
if status == "cancelled" or status == "void" then
  return { status }
end
local reserve, increments = string.match(terms, "^%S+ (%S+) %S+ %S+ %S+ (.*)$")
local last_now, sequence, leader_sequence, ceiling, price, leader, least, ends_at, bids =
  string.match(state, "^(%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+) (%S+)$")
reserve, price, ceiling = tonumber(reserve), tonumber(price), tonumber(ceiling)
last_now, ends_at = tonumber(last_now), tonumber(ends_at)

-- As in bid.lua.
local function next_after(from)
  local step
  for threshold, amount_by in string.gmatch(increments, "(%d+):(%d+)") do
    if tonumber(threshold) > from then
      break
    end
    step = tonumber(amount_by)
  end
  return from + step
end

if status == "live" then
  now = math.max(now, last_now)
  if now < ends_at then
    return { "open", tostring(ends_at) }
  end
  -- A ceiling that was raised over the reserve meets it; the price stood still until now.
  if leader ~= "-" and ceiling >= reserve then
    price = math.max(price, reserve)
    least = next_after(price)
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
local amount = tostring(price)
if leader == "-" or price < reserve then
  return { "unsold", amount, leader, bids, sequence }
end
local reply = { "sold", amount, leader, bids, sequence }
-- Below the reserve it is sold to nobody, a runner-up neither.
local ranked = redis.call("ZREVRANGE", bidders, 0, runners_up, "WITHSCORES")
for place = 1, #ranked, 2 do
  local offered = math.floor(tonumber(ranked[place + 1]) / SEQUENCES)
  if ranked[place] ~= leader and offered >= reserve and #reply < 5 + 2 * runners_up then
    reply[#reply + 1] = ranked[place]
    reply[#reply + 1] = string.format("%.0f", offered)
  end
end
return reply
