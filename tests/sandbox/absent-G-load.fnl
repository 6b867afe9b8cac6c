;; refused: held: nil
(if _G.load (error "ESCAPED") (error (.. "held: " (tostring _G.load)) 0))
