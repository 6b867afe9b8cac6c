;; refused: held: nil
(if _G.os (error "ESCAPED") (error (.. "held: " (tostring _G.os)) 0))
