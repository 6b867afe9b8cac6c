;; refused: 
(include "../../../etc/passwd")
(error "ESCAPED")
