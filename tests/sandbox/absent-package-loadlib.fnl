;; refused: held: nil
(if package.loadlib (error "ESCAPED") (error (.. "held: " (tostring package.loadlib)) 0))
