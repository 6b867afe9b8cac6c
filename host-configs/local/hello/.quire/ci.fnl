;; Every push runs the jobs whose inputs lead back to :quire/push.
(local ci (require :quire.ci))

(ci.job :greet [:quire/push]
  (fn [{: sh : jobs}]
    (let [push (jobs :quire/push)]
      (sh ["echo" (.. "hello " push.sha)]))))

(ci.job :count [:quire/push]
  (fn [{: sh}]
    (sh "git ls-files | wc -l")))
