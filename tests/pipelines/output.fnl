(job :build [:quire/push] (fn [{: jobs}] {:sha (. (jobs :quire/push) :sha)}))
(job :deploy [(output :build :sha :as :commit)]
  (fn [{: jobs : sh}]
    (sh ["deploy" (jobs :commit)])))
(job :by-hand [(manual :deploy {:to "staging"}) (cron "0 3 * * 1" :as :weekly)]
  (fn [{: jobs : sh}]
    (sh ["deploy" "--to" (. (jobs :manual) :parameters :to)])))
