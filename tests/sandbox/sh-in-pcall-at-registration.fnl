;; refused: held: .quire/ci.fnl
(let [(ok why) (pcall #(runtime.sh "id"))] (if ok (error "ESCAPED") (error (.. "held: " why) 0)))
