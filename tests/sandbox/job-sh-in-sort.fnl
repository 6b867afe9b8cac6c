;; job: can't be called here
(job :escape [:quire/push]
  (fn [{: sh : jobs &as runtime}]
    (table.sort [2 1] (fn [] (sh "id")))
    (error "ESCAPED")))
