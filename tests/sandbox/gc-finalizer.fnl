;; refused: __gc is not available
(setmetatable {} {:__gc (fn [] (while true nil))})
(error "ESCAPED")
