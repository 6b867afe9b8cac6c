;; refused: runtime accessed outside a job
(secret :token)
(error "ESCAPED")
