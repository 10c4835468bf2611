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

local state = redis.call(
  "HMGET", auction,
  "status", "ends_at", "now", "price", "leader", "ceiling", "reserve", "bids", "sequence"
)
local status, ends_at, last_now = state[1], tonumber(state[2] or ""), tonumber(state[3] or "")
local price, leader, ceiling = tonumber(state[4] or ""), state[5], tonumber(state[6] or "")
local reserve, bids, sequence = tonumber(state[7] or ""), state[8], state[9]
if not status then
  return { "missing" }
end
if status == "cancelled" or status == "void" then
  return { status }
end
if status == "live" then
  now = math.max(now, last_now)
  if now < ends_at then
    return { "open", string.format("%.0f", ends_at) }
  end
  -- A ceiling that was raised over the reserve meets it; the price stood still until now.
  if leader ~= "-" and ceiling >= reserve then
    price = math.max(price, reserve)
  end
  redis.call("HSET", auction, "status", "closed", "now", string.format("%.0f", now),
    "price", string.format("%.0f", price))
  for key = 1, 3 do
    redis.call("PEXPIRE", KEYS[key], kept_for)
  end
  for key = 4, #KEYS do
    if redis.call("GET", KEYS[key]) == id then
      redis.call("DEL", KEYS[key])
    end
  end
end
local amount = string.format("%.0f", price)
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
