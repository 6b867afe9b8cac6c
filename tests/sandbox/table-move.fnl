;; refused: too large
(table.move [] 1 1e15 2)
(error "ESCAPED")
