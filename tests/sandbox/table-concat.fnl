;; refused: too large
(table.concat (setmetatable [] {:__index table.concat}) "" 1 1e15)
(error "ESCAPED")
