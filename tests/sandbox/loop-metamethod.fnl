;; refused: took longer
(let [t (setmetatable {} {:__index (fn [] (while true nil))})] t.x)
