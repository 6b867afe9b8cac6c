-- What the real Fennel makes of texts: reads "<size>\n<bytes>" records, answers each with one line.
--   lua5.4 ask_fennel.lua read     its reader's value, exactly
--   lua5.4 ask_fennel.lua eval     the value after compiling and running it: numbers in 12 digits
local fennel = require("fennel")
local mode = arg[1]

local function hex(s)
  return (s:gsub(".", function(c) return string.format("%02x", c:byte()) end))
end

local function number(n)
  if mode == "eval" then return string.format("n%.12g", n) end
  if n ~= n then return "nan" end
  return math.type(n) == "integer" and "i" .. n or string.format("f%a", n)
end

local show

-- Tables and sequences alike: what isn't nil, by key. A number as key is a place in a sequence.
local function entries(t)
  local out = {}
  for k, v in pairs(t) do
    local value = show(v)
    if value ~= "nil" then
      out[#out + 1] = (type(k) == "number" and string.format("%06d", k) or "s" .. hex(k)) .. "=" .. value
    end
  end
  table.sort(out)
  return "{" .. table.concat(out, " ") .. "}"
end

function show(v)
  if v == nil or (fennel["sym?"](v) and tostring(v) == "nil") then return "nil" end
  if fennel["sym?"](v) or fennel["list?"](v) then return "code" end
  if type(v) == "boolean" then return tostring(v) end
  if type(v) == "number" then return number(v) end
  if type(v) == "string" then return "s" .. hex(v) end
  return entries(v)
end

local function read(text)
  local parse = fennel.parser(text, "t.fnl", { unfriendly = true, warn = error })
  local ok, ast = parse()
  if not ok then return "nothing" end
  local result = show(ast)
  if parse() then return "more than one" end
  return result
end

local function answer(text)
  if mode == "read" then return read(text) end
  return show(fennel.eval(text, { unfriendly = true }))
end

for size in io.lines() do
  local text = tonumber(size) > 0 and io.read(tonumber(size)) or ""
  local ok, result = pcall(answer, text)
  print(ok and result or "error: " .. tostring(result):gsub("\n.*", ""))
end
