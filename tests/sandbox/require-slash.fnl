;; refused: that is not the name of a module
(require "lib/x")
(error "ESCAPED")
