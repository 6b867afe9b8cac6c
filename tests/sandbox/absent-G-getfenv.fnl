;; refused: held: nil
(if _G.getfenv (error "ESCAPED") (error (.. "held: " (tostring _G.getfenv)) 0))
