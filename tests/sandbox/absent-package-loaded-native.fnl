;; refused: held: nil
(if (. package.loaded :quire.native) (error "ESCAPED") (error (.. "held: " (tostring (. package.loaded :quire.native))) 0))
