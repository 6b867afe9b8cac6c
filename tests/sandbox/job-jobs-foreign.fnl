;; job: has no input
(job :escape [:quire/push]
  (fn [{: sh : jobs &as runtime}]
    (jobs :other)
    (error "ESCAPED")))
