-- Prints the result as JSON. With an argument of 16, sends 16 requests at once.

function init(arguments)
  local depth = tonumber(arguments[1]) or 1
  if depth > 1 then
    local requests = {}
    for i = 1, depth do
      requests[i] = wrk.format()
    end
    local batch = table.concat(requests)
    request = function() return batch end
  end
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '\nresult {"requests":%d,"rps":%.1f,"p50":%.1f,"p99":%.1f,"errors":%d}',
    summary.requests,
    summary.requests / summary.duration * 1e6,
    latency:percentile(50),
    latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.status + errors.timeout
  ))
end
