(job :test-main [:quire/push]
  (fn [{: jobs : sh}]
    (let [push (jobs :quire/push)]
      (when (= "main" push.branch)
        (sh (.. "git checkout " push.sha " && cargo test"))))))

(job :release [:quire/push]
  (fn [{: jobs : sh}]
    (let [push (jobs :quire/push)]
      (when (and push.tag (string.match push.tag "^v"))
        (sh (.. "publish " push.tag))))))
