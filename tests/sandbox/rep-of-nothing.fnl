;; refused: held
(string.rep "" 1e18)
(error "held" 0)
