;; refused: held: nil
(if package.cpath (error "ESCAPED") (error (.. "held: " (tostring package.cpath)) 0))
