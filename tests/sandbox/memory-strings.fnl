;; refused: memory
(var s "x") (while true (set s (.. s s)))
