;; job: took longer
(job :escape [:quire/push]
  (fn [{: sh : jobs &as runtime}]
    (while true (pcall #(while true nil)))))
