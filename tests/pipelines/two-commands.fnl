(job :test [:quire/push]
  (fn [{: jobs : sh}]
    (let [push (jobs :quire/push)]
      (sh ["git" "checkout" push.sha])
      (sh "cargo test"))))
