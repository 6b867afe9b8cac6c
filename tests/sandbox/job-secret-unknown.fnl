;; job: not declared
(job :escape [:quire/push]
  (fn [{: sh : jobs &as runtime}]
    (runtime.secret :nothing)
    (error "ESCAPED")))
