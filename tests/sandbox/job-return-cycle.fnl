;; job: contains itself
(job :escape [:quire/push]
  (fn [{: sh : jobs &as runtime}]
    (let [t {}] (set t.t t) t)))
