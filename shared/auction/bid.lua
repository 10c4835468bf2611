--[[
Decides one bid. Sent twice with one bid id, it answers as the first time and changes nothing.

KEYS   1  hash: the auction
       2  stream: its accepted bids, with their sequence numbers as ids
       3  sorted set: its bidders by the highest they have bid, the earliest of equals first
       4  hash: bidders who are barred
ARGV   1  bid id
       2  bidder
       3  amount, in minor units
       4  ceiling, in minor units; 0 for none
       5  "1" when the bidder has confirmed an unusual amount
       6  now, in milliseconds
REPLY  outcome, price, leader, next amount, end in milliseconds, bids, "1" when the board is due

Outcomes: leading, outbid, ceiling-raised; too-low, own-auction, already-leading, too-fast, unusual,
barred, closed, cancelled, void; missing alone when Redis does not have the auction.
]]
local auction, stream, bidders, barred = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local bid_id, bidder, is_confirmed = ARGV[1], ARGV[2], ARGV[5] == "1"
local amount, max, now = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[6])

local TOO_FAST_MS = 1000
-- An amount looks like a typo from so many times the next one, a ceiling from so many.
local UNUSUAL_TIMES, UNUSUAL_CEILING_TIMES = 3, 20
-- After this long a board task was lost.
local BOARD_LOST_MS = 5000
-- Scores order by amount, then by who was first: an amount's place and a sequence number's, below 2^53.
local SEQUENCES = 4194304

local state = redis.call(
  "HMGET", auction,
  "status", "seller", "start", "increments", "reserve", "ends_at", "counter_bid", "latest_end",
  "now", "sequence", "bids", "price", "leader", "ceiling", "leader_sequence", "board_at",
  "answer:" .. bid_id, "last:" .. bidder
)
local status, seller = state[1], state[2]
if not status then
  return { "missing" }
end
local known = state[17]
if known then
  local answer = {}
  for part in string.gmatch(known, "%S+") do
    answer[#answer + 1] = part
  end
  return answer
end

local start, increments, reserve = tonumber(state[3]), state[4], tonumber(state[5])
local ends_at, counter_bid, latest_end = tonumber(state[6]), tonumber(state[7]), tonumber(state[8])
local sequence, bids, price = tonumber(state[10]), tonumber(state[11]), tonumber(state[12])
local leader, ceiling, leader_sequence = state[13], tonumber(state[14]), tonumber(state[15])
local board_at = tonumber(state[16] or "")
local last_bid_at = tonumber(state[18] or "")
now = math.max(now, tonumber(state[9]))

local function increment(from)
  local step
  for threshold, amount_by in string.gmatch(increments, "(%d+):(%d+)") do
    if tonumber(threshold) <= from then
      step = tonumber(amount_by)
    end
  end
  return step
end

local function next_amount()
  if leader == "-" then
    return start
  end
  return price + increment(price)
end

local function whole(number)
  return string.format("%.0f", number)
end

local function answer(outcome, is_board_due, ...)
  local reply = {
    outcome, whole(price), leader, whole(next_amount()), whole(ends_at), whole(bids),
    is_board_due and "1" or "0",
  }
  redis.call("HSET", auction, "now", whole(now), "answer:" .. bid_id, table.concat(reply, " "), ...)
  return reply
end

local function score(of_amount, of_sequence)
  return whole(of_amount * SEQUENCES + SEQUENCES - 1 - of_sequence)
end

if status ~= "live" then
  return answer(status, false)
end
if now >= ends_at then
  return answer("closed", false)
end
if bidder == seller then
  return answer("own-auction", false)
end
if redis.call("HEXISTS", barred, bidder) == 1 then
  return answer("barred", false)
end
if last_bid_at and now - last_bid_at < TOO_FAST_MS then
  return answer("too-fast", false)
end

local least = next_amount()
local highest = math.max(amount, max)
local is_raise = bidder == leader
if is_raise and max <= ceiling then
  return answer("already-leading", false)
end
if not is_raise and highest < least then
  return answer("too-low", false)
end
local is_unusual = max >= UNUSUAL_CEILING_TIMES * least
  or (not is_raise and amount >= UNUSUAL_TIMES * least)
if is_unusual and not is_confirmed then
  return answer("unusual", false)
end

local kind, outcome, outbid = "bid", "leading", "-"
sequence = sequence + 1
if is_raise then
  kind, outcome, ceiling = "ceiling", "ceiling-raised", max
else
  bids = bids + 1
  if leader == "-" or highest > ceiling then
    price = math.max(amount, least)
    if leader ~= "-" then
      price = math.max(price, math.min(highest, ceiling + increment(ceiling)))
      redis.call("ZADD", bidders, score(ceiling, leader_sequence), leader)
      outbid = leader
    end
    leader, ceiling, leader_sequence = bidder, highest, sequence
  else
    outcome = "outbid"
    price = math.min(ceiling, highest + increment(highest))
    redis.call("ZADD", bidders, score(highest, sequence), bidder)
  end
  if ceiling >= reserve then
    price = math.max(price, reserve)
  end
  redis.call("ZADD", bidders, score(price, leader_sequence), leader)
  if ends_at - now < counter_bid then
    ends_at = math.max(ends_at, math.min(now + counter_bid, latest_end))
  end
end

if outbid ~= "-" and redis.call("HEXISTS", auction, "notify:" .. outbid) == 0 then
  outbid = "-"
end
redis.call(
  "XADD", stream, whole(sequence) .. "-0",
  "id", bid_id, "kind", kind, "bidder", bidder, "amount", whole(amount), "max", whole(max),
  "price", whole(price), "leader", leader, "ceiling", whole(ceiling),
  "leader_sequence", whole(leader_sequence), "bids", whole(bids), "ends_at", whole(ends_at),
  "at", whole(now), "outbid", outbid
)
local is_board_due = not board_at or now - board_at >= BOARD_LOST_MS
return answer(
  outcome, is_board_due,
  "sequence", whole(sequence), "bids", whole(bids), "price", whole(price), "leader", leader,
  "ceiling", whole(ceiling), "leader_sequence", whole(leader_sequence), "ends_at", whole(ends_at),
  "board_at", is_board_due and whole(now) or whole(board_at), "last:" .. bidder, whole(now)
)
