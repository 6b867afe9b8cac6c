;; refused: there is no .quire/lib/nothing.fnl
(require :nothing)
(error "ESCAPED")
