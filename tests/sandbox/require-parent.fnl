;; refused: that is not the name of a module
(require "..secret")
(error "ESCAPED")
