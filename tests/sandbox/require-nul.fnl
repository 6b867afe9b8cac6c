;; refused: that is not the name of a module
(require "a\0b")
(error "ESCAPED")
