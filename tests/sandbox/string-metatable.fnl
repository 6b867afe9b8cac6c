;; refused: held: false
(local meta (getmetatable ""))
(if meta (error "ESCAPED") (error (.. "held: " (tostring meta)) 0))
