;; job: NUL
(job :escape [:quire/push]
  (fn [{: sh : jobs &as runtime}]
    (sh ["echo" "a\0b"])
    (error "ESCAPED")))
