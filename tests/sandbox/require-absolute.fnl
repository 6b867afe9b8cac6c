;; refused: that is not the name of a module
(require "/etc/passwd")
(error "ESCAPED")
