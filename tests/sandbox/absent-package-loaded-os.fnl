;; refused: held: nil
(if (. package.loaded :os) (error "ESCAPED") (error (.. "held: " (tostring (. package.loaded :os))) 0))
