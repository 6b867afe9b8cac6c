;; job: 
(job :escape [:quire/push]
  (fn [{: sh : jobs &as runtime}]
    (runtime.read-file "../../../../../../etc/passwd")
    (error "ESCAPED")))
