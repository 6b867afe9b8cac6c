;; refused: endless loop in a macro
(macro spin [] (while true (pcall #(while true nil))))
(spin)
