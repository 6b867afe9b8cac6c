;; refused: held: nil
(if string.dump (error "ESCAPED") (error (.. "held: " (tostring string.dump)) 0))
