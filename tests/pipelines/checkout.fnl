(job :fetch [:quire/push]
  (fn [{: sh : jobs}]
    (let [push (jobs :quire/push)]
      (sh ["git" "checkout" push.sha]))))
