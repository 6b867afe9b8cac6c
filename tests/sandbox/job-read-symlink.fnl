;; job: 
(job :escape [:quire/push]
  (fn [{: sh : jobs &as runtime}]
    (runtime.read-file "link-to-root/etc/passwd")
    (error "ESCAPED")))
