;; refused: took longer
(string.match (string.rep "a" 9000) ".-.-.-.-.-b")
(error "ESCAPED")
