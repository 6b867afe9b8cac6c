;; refused: 
(error (setmetatable {} {:__tostring (fn [] (while true nil))}))
