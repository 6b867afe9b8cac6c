;; refused: __gc is not available
(let [meta {}] (setmetatable {} meta) (set meta.__gc #nil) (setmetatable {} meta) (error "ESCAPED"))
