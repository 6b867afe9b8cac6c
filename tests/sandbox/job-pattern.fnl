;; job: took longer
(job :escape [:quire/push]
  (fn [{: sh : jobs &as runtime}]
    (string.find (string.rep "a" 40) (.. (string.rep "a*" 30) "b"))
    (error "ESCAPED")))
