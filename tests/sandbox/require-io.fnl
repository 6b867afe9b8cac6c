;; refused: there is no .quire/lib/io.fnl
(require :io)
(error "ESCAPED")
