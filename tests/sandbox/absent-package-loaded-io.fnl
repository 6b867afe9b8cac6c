;; refused: held: nil
(if package.loaded.io (error "ESCAPED") (error (.. "held: " (tostring package.loaded.io)) 0))
