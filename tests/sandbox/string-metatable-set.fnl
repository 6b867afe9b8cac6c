;; refused: table expected
(setmetatable "" {})
(error "ESCAPED")
