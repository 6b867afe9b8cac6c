;; refused: attempt to call a nil value
(lua "load('return 1')()")
(error "ESCAPED")
