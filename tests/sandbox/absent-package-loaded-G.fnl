;; refused: held: nil
(if (?. package.loaded :_G :io) (error "ESCAPED") (error (.. "held: " (tostring (?. package.loaded :_G :io))) 0))
