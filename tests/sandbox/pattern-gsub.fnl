;; refused: took longer
(string.gsub (string.rep "a" 40) (.. (string.rep "a?" 40) (string.rep "a" 40) "b") "")
(error "ESCAPED")
