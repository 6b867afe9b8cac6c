;; refused: held: nil
(if _G.debug (error "ESCAPED") (error (.. "held: " (tostring _G.debug)) 0))
