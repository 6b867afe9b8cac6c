;; refused: runtime can't be changed
(set runtime.sh #1)
(error "ESCAPED")
