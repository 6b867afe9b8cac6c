;; refused: string too large
(string.rep "x" 1e12)
(error "ESCAPED")
