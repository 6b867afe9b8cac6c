;; refused: held: false
(if (getmetatable runtime) (error "ESCAPED") (error "held: false" 0))
