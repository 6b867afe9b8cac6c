;; refused: index a nil value
(lua "io.open('/etc/passwd')")
(error "ESCAPED")
