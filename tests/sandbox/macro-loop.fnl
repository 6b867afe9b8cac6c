;; refused: endless loop in a macro
(macro spin [] (while true nil))
(spin)
