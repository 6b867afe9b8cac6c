;; refused: __len
(table.insert (setmetatable [] {:__len #1e15}) 1 1)
(error "ESCAPED")
