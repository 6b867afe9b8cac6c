;; refused: not found
(import-macros m "../../etc/passwd")
