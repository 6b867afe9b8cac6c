;; refused: a pipeline can't use it
(require :quire.native)
(error "ESCAPED")
