;; refused: held: nil
(if package.searchers (error "ESCAPED") (error (.. "held: " (tostring package.searchers)) 0))
