;; refused: a pipeline can't use it
(require :fennel)
(error "ESCAPED")
