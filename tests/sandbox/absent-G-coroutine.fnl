;; refused: held: nil
(if _G.coroutine (error "ESCAPED") (error (.. "held: " (tostring _G.coroutine)) 0))
