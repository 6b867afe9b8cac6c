;; refused: string too large
(: "x" :rep 1e12)
(error "ESCAPED")
