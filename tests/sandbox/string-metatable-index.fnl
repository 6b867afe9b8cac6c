;; refused: attempt to index a boolean
(let [meta (getmetatable "")] (set meta.__index {}) (error "ESCAPED"))
