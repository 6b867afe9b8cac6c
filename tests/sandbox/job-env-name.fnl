;; job: not the name of a variable
(job :escape [:quire/push]
  (fn [{: sh : jobs &as runtime}]
    (sh "id" {:env {"A=B" "c"}})
    (error "ESCAPED")))
