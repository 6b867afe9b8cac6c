;; job: memory
(job :escape [:quire/push]
  (fn [{: sh : jobs &as runtime}]
    (let [t []] (while true (table.insert t (.. (length t) (string.rep "x" 1e6)))))))
