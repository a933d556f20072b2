-- The health of a TodoApp, for Argo CD (Lua 5.1, without any library).
--
-- It says what the operator says in the TodoApp's conditions, about the spec as it is now:
--   Healthy      Ready is True
--   Suspended    the app is suspended, or paused while changes wait
--   Degraded     something fails, or will not get further by itself; the message says what and why
--   Progressing  it is on its way

local function health(status, message)
  return { status = status, message = message }
end

local status = obj.status
if obj.metadata.deletionTimestamp ~= nil then
  return health("Progressing", "the TodoApp is being deleted")
end
if status == nil or status.conditions == nil then
  return health("Progressing", "no operator has said anything yet")
end
if status.observedGeneration ~= obj.metadata.generation then
  return health("Progressing", "the operator has not seen this spec yet")
end

local conditions = {}
for _, condition in ipairs(status.conditions) do
  conditions[condition.type] = condition
end

local function is(type, truth)
  return conditions[type] ~= nil and conditions[type].status == truth
end

local ready = conditions.Ready
if ready == nil then
  return health("Progressing", "the operator has not judged the app yet")
end
if ready.status == "True" then
  if ready.reason == "Suspended" then
    return health("Suspended", ready.message)
  end
  return health("Healthy", status.summary or ready.message)
end
if ready.reason == "Paused" then
  return health("Suspended", ready.message)
end
for _, type in ipairs({ "Stalled", "Degraded" }) do
  if is(type, "True") then
    return health("Degraded", conditions[type].reason .. ": " .. conditions[type].message)
  end
end
if is("ResourcesSynced", "False") then
  local synced = conditions.ResourcesSynced
  return health("Degraded", synced.reason .. ": " .. synced.message)
end
return health("Progressing", ready.message)
