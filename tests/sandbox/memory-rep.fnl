;; refused: string.rep
(string.rep "x" 1e12)
(error "ESCAPED")
