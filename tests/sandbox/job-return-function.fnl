;; job: a function is not data
(job :escape [:quire/push]
  (fn [{: sh : jobs &as runtime}]
    {: sh}))
