;; refused: took longer
(lua "::again:: goto again")
