;; refused: held: nil
(if package.searchpath (error "ESCAPED") (error (.. "held: " (tostring package.searchpath)) 0))
