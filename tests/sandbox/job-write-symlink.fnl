;; job: 
(job :escape [:quire/push]
  (fn [{: sh : jobs &as runtime}]
    (runtime.write-file "link-to-root/tmp/escaped" "x")
    (error "ESCAPED")))
