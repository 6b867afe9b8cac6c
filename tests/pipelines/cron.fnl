(job :nightly-audit [(cron :daily)]
  (fn [{: jobs}]
    (let [tick (jobs :cron)] {:at (and tick tick.at)})))

(job :hourly-check [(cron :every "1h" :as :hourly)]
  (fn [{: jobs}]
    (let [tick (jobs :hourly)] {:at (and tick tick.at)})))
