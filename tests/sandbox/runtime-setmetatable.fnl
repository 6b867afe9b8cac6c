;; refused: protected metatable
(setmetatable runtime {})
(error "ESCAPED")
