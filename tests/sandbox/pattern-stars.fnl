;; refused: took longer
(string.find (string.rep "a" 40) (.. (string.rep "a*" 30) "b"))
(error "ESCAPED")
