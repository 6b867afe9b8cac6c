;; refused: index a nil value
(lua "local e = _ENV; e.os.execute('id')")
(error "ESCAPED")
