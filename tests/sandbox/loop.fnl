;; refused: took longer
(while true nil)
