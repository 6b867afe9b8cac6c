;; refused: took longer
(error (setmetatable {} {:__tostring (fn [] (while true nil))}))
