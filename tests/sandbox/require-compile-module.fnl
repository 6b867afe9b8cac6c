;; refused: a pipeline can't use it
(require :quire.compile)
(error "ESCAPED")
