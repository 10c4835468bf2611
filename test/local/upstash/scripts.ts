/** A bid as an auction decides it: hash of terms, stream of bids, sorted set of ceilings, id remembered. */
export const BID = `#!lua flags=allow-key-locking
local auction, bids, ceilings, seen = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local bidder, amount, id, now = ARGV[1], tonumber(ARGV[2]), ARGV[3], tonumber(ARGV[4])

local before = redis.call('HGET', seen, id)
if before then return {'before', before} end

local function answer(...)
  local reply = {...}
  redis.call('HSET', seen, id, table.concat(reply, ' '))
  redis.call('PEXPIRE', seen, 3600000)
  return reply
end

local terms = redis.call('HMGET', auction, 'price', 'leader', 'ends', 'count')
local price, leader = tonumber(terms[1]) or 0, terms[2]
local ends, count = tonumber(terms[3]) or 100, tonumber(terms[4]) or 0
if now >= ends then return answer('closed', price) end
if leader == bidder then return answer('leading', price) end
local increment = math.floor(price / 10) + 1
if amount < price + increment then return answer('low', price + increment, price / 3) end
redis.call('ZADD', ceilings, amount, bidder)
if ends - now < 10 then ends = now + 10 end
count = count + 1
redis.call('HSET', auction, 'price', amount, 'leader', bidder, 'ends', ends, 'count', count)
redis.call('XADD', bids, count .. '-1', 'bidder', bidder, 'amount', amount)
local top = redis.call('ZREVRANGE', ceilings, 0, 1, 'WITHSCORES')
return answer('accepted', amount, count, ends, unpack(top))`;

/** What Lua makes of two numbers: arithmetic, formats, conversions both ways. */
export const NUMBERS = `
local left, right = tonumber(ARGV[1]), tonumber(ARGV[2])
local results = {}
for index, value in ipairs({
  left + right, left - right, left * right, left / 8, left % 7, math.floor(left / 3),
  math.max(left, right), (left % 1000) ^ 2, -left,
}) do
  results[index] = tostring(value) .. ' ' .. value .. ' ' .. string.format('%.14g|%.3f|%5.1e', value, value, value)
end
return {results, left, right, left / 8, left * 1.5, left == right, left < right}`;

/** Every way in which a call can fail, caught and uncaught. */
export const FAILING = `
local how = ARGV[1]
redis.call('SET', KEYS[1], 'text')
if how == 'call' then return redis.call('INCR', KEYS[1]) end
if how == 'caught' then
  local ok, message = pcall(redis.call, 'INCR', KEYS[1])
  return {tostring(ok), type(message), message}
end
if how == 'error' then error('plain') end
if how == 'table' then error({err = 'CODE of its own'}) end
if how == 'reply' then return {err = 'CODE and text'} end
if how == 'status' then return {ok = 'FINE'} end
if how == 'nil' then return ARGV[2] .. 'x' end
if how == 'global' then return undefined_name end
if how == 'assign' then undefined_name = 1 end
if how == 'unsafe' then return tostring(pcall(function() return os.time() end)) end
if how == 'unknown' then return redis.call('NOSUCH') end
if how == 'arity' then return redis.call('GET') end
if how == 'argument' then return redis.call('GET', {}) end
if how == 'forbidden' then return redis.call('EVAL', 'return 1', 0) end
if how == 'assert' then assert(false, 'asserted') end
if how == 'list' then return {1.9, -1.9, 'x', true, false, {'deep', {}}, nil, 'lost'} end
return 'none of these'`;

/** The words that FAILING knows. */
export const FAILURES = [...FAILING.matchAll(/how == '(\w+)'/g)].flatMap(([, word]) => word ?? []);
