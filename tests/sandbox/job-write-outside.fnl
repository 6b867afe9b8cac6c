;; job: 
(job :escape [:quire/push]
  (fn [{: sh : jobs &as runtime}]
    (runtime.write-file "../escaped" "x")
    (error "ESCAPED")))
