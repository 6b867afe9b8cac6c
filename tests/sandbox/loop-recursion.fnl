;; refused: 
(fn f [] (+ 1 (f)))
(f)
