;; job: NUL
(job :escape [:quire/push]
  (fn [{: sh : jobs &as runtime}]
    (runtime.read-file "a\0b")
    (error "ESCAPED")))
