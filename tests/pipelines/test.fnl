(job :test [:quire/push]
  (fn [{: jobs : sh}]
    (let [push (jobs :quire/push)]
      (sh ["cargo" "test"]))))
