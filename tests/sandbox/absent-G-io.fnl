;; refused: held: nil
(if _G.io (error "ESCAPED") (error (.. "held: " (tostring _G.io)) 0))
