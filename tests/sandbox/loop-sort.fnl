;; refused: took longer
(while true (table.sort [3 2 1] (fn [] (while true nil))))
