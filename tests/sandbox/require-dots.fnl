;; refused: that is not the name of a module
(require "a...b")
(error "ESCAPED")
