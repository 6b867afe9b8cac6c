;; refused: string.rep
(: "x" :rep 1e12)
(error "ESCAPED")
