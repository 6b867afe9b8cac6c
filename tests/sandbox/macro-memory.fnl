;; refused: 
(macro grow [] (var s "x") (while true (set s (.. s s))))
(grow)
