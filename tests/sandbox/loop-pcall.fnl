;; refused: took longer
(while true (pcall #(while true nil)))
